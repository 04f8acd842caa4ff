using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>
/// The outcome of a rule: the result for the caller, the record to save before answering (null if nothing changed), and the
/// events to raise after saving.
/// </summary>
internal sealed record Decision<TResult>(TResult Result, MfaRecord? Record, IReadOnlyList<MfaEvent> Events)
{
    public Decision<TOther> WithResult<TOther>(TOther result) => new(result, Record, Events);

    // The result may contain a code, and the generated text of a record would print it.
    public override string ToString() => nameof(Decision);
}

/// <summary>Creates decisions.</summary>
internal static class Decision
{
    /// <summary>Answers without saving. The events are raised but not stored in the history.</summary>
    public static Decision<TResult> NoChange<TResult>(TResult result, params IReadOnlyList<MfaEvent> events) => new(result, null, events);

    /// <summary>
    /// Refuses. A late replica, or a primary that was replaced, may not know what is there. So before this answers "not there" or "imported
    /// already", it saves the record unchanged: if the read was late, the write fails. Without a record there is nothing to save, and
    /// <see cref="MfaChangeOutcome.NotFound"/> becomes <see cref="MfaChangeOutcome.Unavailable"/>.
    /// </summary>
    public static Decision<TResult> Refuse<TResult>(
        MfaRecord? record, MfaChangeOutcome refusal, Func<MfaChangeOutcome, TResult> answer) => (refusal, record) switch
        {
            (MfaChangeOutcome.NotFound, null) => NoChange(answer(MfaChangeOutcome.Unavailable)),
            (MfaChangeOutcome.NotFound or MfaChangeOutcome.NotEnrolled or MfaChangeOutcome.AlreadyImported, not null) =>
                SaveKeepingAnswer(answer(refusal), record),
            _ => NoChange(answer(refusal)),
        };

    /// <inheritdoc cref="Refuse{TResult}"/>
    public static Decision<VerificationResult> Refuse(MfaRecord? record, VerificationResult refusal) =>
        record is { IsEnabled: false } ? SaveKeepingAnswer(refusal, record) : NoChange(refusal);

    /// <summary>Saves a change. An earlier answer can then no longer be repeated.</summary>
    public static Decision<TResult> Save<TResult>(TResult result, MfaRecord record, params IReadOnlyList<MfaEvent> events) =>
        SaveKeepingAnswer(result, record.RepeatableAnswer is null ? record : record with { RepeatableAnswer = null }, events);

    /// <summary>
    /// Saves a change that the user proved. If the proof was a recovery code in this same call, its answer stays repeatable. The response
    /// contains the change and the replacement codes, and it may get lost.
    /// </summary>
    public static Decision<TResult> SaveProved<TResult>(
        TResult result, MfaRecord record, StepUp? proof, params IReadOnlyList<MfaEvent> events) =>
        proof is { Method: MfaMethod.RecoveryCode, IsOfThisCall: true }
            ? SaveKeepingAnswer(result, record, events)
            : Save(result, record, events);

    /// <summary>Saves a failure, or the use of a recovery code itself. The earlier answer can still be repeated.</summary>
    public static Decision<TResult> SaveKeepingAnswer<TResult>(TResult result, MfaRecord record, params IReadOnlyList<MfaEvent> events) =>
        new(result, events.Aggregate(record.WithoutUnproved(), (logged, happened) => logged.Log(happened)), events);
}
