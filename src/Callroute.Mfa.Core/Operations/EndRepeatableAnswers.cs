using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>Removes the answer that could be repeated, because the user has signed out.</summary>
internal sealed class EndRepeatableAnswers(OperationContext context, MfaSubject subject) : Operation<bool>(context, subject)
{
    protected override bool IsUrgent => true;

    protected override ValueTask<Decision<bool>> ExecuteAsync(CancellationToken cancellationToken) => Context.Records.RunAsync<bool>(
        Subject,
        outcome => throw new TimeoutException($"The answer was not removed: {outcome}."),
        (record, _, _) => new(Decide(record)),
        cancellationToken,
        ClockRule.Ignore);

    private static Decision<bool> Decide(MfaRecord? record) => record?.RepeatableAnswer is null
        ? Decision.NoChange(false)
        : Decision.Save(true, record);
}
