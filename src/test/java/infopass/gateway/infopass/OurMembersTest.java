package infopass.gateway.infopass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import infopass.gateway.json.MalformedJsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OurMembersTest {
  private static String without(String document) throws MalformedJsonException {
    return new String(OurMembers.removedFrom(document.getBytes(UTF_8)), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                             | {}",
        "{ }                                            | { }",
        "{'a':1}                                        | {'a':1}",
        "{'countdown':1}                                | {}",
        "{ 'countdown' : {'a':[1,{'b':2}]} }            | { }",
        "{'countdown':1,'a':2}                          | {'a':2}",
        "{'a':2,'countdown':1}                          | {'a':2}",
        "{'a':2 , 'countdown':null , 'b' : 3 }          | {'a':2, 'b' : 3 }",
        "{'correlationId':'x','countdown':1,'a':'},{'}  | {'a':'},{'}",
        "{'a':1,'correlationId':'x','b':2,'countdown':1}| {'a':1,'b':2}",
        "{'count\\u0064own':true,'a':false}             | {'a':false}",
        "{'data':{'countdown':1},'Countdown':2}         | {'data':{'countdown':1},'Countdown':2}",
        "{'fee':1.10,'countdown':0,'e':1E400,'u':'\\u00e9\\/','\u0928':-0.0}"
            + "| {'fee':1.10,'e':1E400,'u':'\\u00e9\\/','\u0928':-0.0}",
      })
  void takesOutWhatIsOursAndTouchesNothingElse(String document, String rest) throws Exception {
    assertEquals(rest.replace('\'', '"'), without(document.replace('\'', '"')));
  }

  @Test
  void whiteSpaceAroundTheObjectIsKeptBeforeIt() throws Exception {
    assertEquals("\n {\"a\":1}", without("\n {\"countdown\":2,\"a\":1} \n"));
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertThrows(MalformedJsonException.class, () -> without("{\"countdown\":1"));
  }
}
