namespace Callroute.Mfa.Execution;

/// <summary>
/// One operation, created for one call. The constructor takes the input, and <see cref="ExecuteAsync"/> runs the steps in order.
/// </summary>
/// <param name="context">The parts that every operation uses.</param>
/// <param name="subject">The subject whose record it reads or changes.</param>
/// <exception cref="ArgumentException">The subject is the default value.</exception>
internal abstract class Operation<TResult>(OperationContext context, MfaSubject subject)
{
    protected OperationContext Context => context;

    protected MfaSubject Subject { get; } = Guard.Subject(subject);

    protected MfaOptions Options => context.Options;

    /// <summary>
    /// Runs the operation, then corrects the application's row and raises the events. Every permit is released by then, so a slow handler
    /// does not block other users.
    /// </summary>
    public virtual async ValueTask<TResult> RunAsync(CancellationToken cancellationToken)
    {
        var decision = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
        if (EnrolledNotice.IsOwed(decision.Record, context.Now))
        {
            await context.Notice.TryTellAsync(decision.Record!).ConfigureAwait(false);
        }

        await context.Events.DispatchAsync(Subject, decision.Events).ConfigureAwait(false);
        return decision.Result;
    }

    /// <summary>Does the work. The returned decision is already durable; its events are raised afterwards.</summary>
    protected abstract ValueTask<Decision<TResult>> ExecuteAsync(CancellationToken cancellationToken);
}
