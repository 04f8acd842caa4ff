using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>What a rule decided: the answer, the record to write first (null for none), and the events to raise after.</summary>
internal sealed record Decision<TOutcome>(TOutcome Outcome, MfaRecord? Record, IReadOnlyList<MfaEvent> Events);

/// <summary>The ways to decide.</summary>
internal static class Decision
{
    /// <summary>Answers without writing. The events are raised and not kept.</summary>
    public static Decision<TOutcome> Keep<TOutcome>(TOutcome outcome, params IReadOnlyList<MfaEvent> events) => new(outcome, null, events);

    /// <summary>Writes a change, which ends the re-delivery of an earlier answer.</summary>
    public static Decision<TOutcome> Write<TOutcome>(TOutcome outcome, MfaRecord record, params IReadOnlyList<MfaEvent> events) =>
        WriteKeepingRedelivery(outcome, record.Redelivery is null ? record : record with { Redelivery = null }, events);

    /// <summary>
    /// Writes a proved change. Where a recovery code was the proof, and no receipt of it, its replacement was issued a
    /// moment ago in the same call, so the re-delivery stays: the one response that may be lost carries both.
    /// </summary>
    public static Decision<TOutcome> WriteProved<TOutcome>(TOutcome outcome, MfaRecord record, StepUp? proof, params IReadOnlyList<MfaEvent> events) =>
        proof is { Method: MfaMethod.RecoveryCode, IsOfThisCall: true } ? WriteKeepingRedelivery(outcome, record, events) : Write(outcome, record, events);

    /// <summary>Writes a charge for a failure, the use that a re-delivery belongs to, or what leaves it true.</summary>
    public static Decision<TOutcome> WriteKeepingRedelivery<TOutcome>(TOutcome outcome, MfaRecord record, params IReadOnlyList<MfaEvent> events) =>
        new(outcome, events.Aggregate(record, (logged, happened) => logged.Log(happened)), events);
}
