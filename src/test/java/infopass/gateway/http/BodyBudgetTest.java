package infopass.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  @Test
  void takesNoMoreThanThereIsAndAllThatIsGivenBack() {
    BodyBudget budget = new BodyBudget(100);
    assertTrue(budget.tryTake(60));
    assertFalse(budget.tryTake(41));
    assertTrue(budget.tryTake(40));
    budget.giveBack(60);
    assertTrue(budget.tryTake(60));
    assertEquals(100, budget.bytes());
  }

  @Test
  void theLoopsShareAnEighthOfTheHeap() {
    BodyBudget share = BodyBudget.share(256L << 20, 2);
    assertTrue(share.tryTake(16L << 20));
    assertFalse(share.tryTake(1));
  }
}
