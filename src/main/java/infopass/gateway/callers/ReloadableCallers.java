package infopass.gateway.callers;

import java.util.List;
import java.util.Optional;

/** Callers that can be exchanged while requests come in. Thread-safe. */
public final class ReloadableCallers implements Callers {
  private volatile Callers current;

  public ReloadableCallers(Callers first) {
    this.current = first;
  }

  /** Those of now; requests that have been identified keep what they were told. */
  public Callers current() {
    return current;
  }

  /** Exchanges them for all requests from now on. */
  public void exchange(Callers next) {
    current = next;
  }

  @Override
  public Verdict identify(BasicAuthorization credentials, String source) {
    return current.identify(credentials, source);
  }

  @Override
  public Optional<Caller> inside(String id, Optional<String> own) {
    return current.inside(id, own);
  }

  @Override
  public void divide(int nodes, int index) {
    current.divide(nodes, index);
  }

  @Override
  public List<String> ids() {
    return current.ids();
  }

  @Override
  public String toString() {
    return "ReloadableCallers";
  }
}
