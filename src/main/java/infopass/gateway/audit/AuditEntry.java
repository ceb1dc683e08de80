package infopass.gateway.audit;

import java.time.Instant;

/**
 * One line of the record. Immutable, and without personal data.
 *
 * @param time when the init ended
 * @param subject stands for the person, see {@link SubjectReference}
 * @param purpose what the caller says it is for; empty where it says nothing
 * @param outcome {@code granted}, {@code replayed}, or the slug of the problem
 */
public record AuditEntry(
    Instant time,
    String caller,
    String subject,
    String purpose,
    String outcome,
    String correlationId) {}
