using Callroute.Mfa.Records;

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

    /// <summary>Runs the operation for a caller, who waits no longer than <see cref="MfaOptions.CallTimeout"/>.</summary>
    public ValueTask<TResult> CallAsync(CancellationToken cancellationToken) =>
        context.Bound.WaitAsync(Subject, RunAsync, RefuseLate, cancellationToken);

    /// <summary>
    /// Runs the operation, then raises its events. Every permit is released by then, so a slow handler does not block other users.
    /// </summary>
    public virtual async ValueTask<TResult> RunAsync(CancellationToken cancellationToken)
    {
        var decision = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
        await context.Events.DispatchAsync(Subject, decision.Events).ConfigureAwait(false);
        await AfterEventsAsync(decision.Record).ConfigureAwait(false);
        return decision.Result;
    }

    /// <summary>Makes the result of a call that took too long.</summary>
    protected virtual TResult RefuseLate(TimeoutException exception) => throw exception;

    /// <summary>Runs after the events.</summary>
    /// <param name="saved">The record that was saved; null if nothing was.</param>
    protected virtual ValueTask AfterEventsAsync(MfaRecord? saved) => ValueTask.CompletedTask;

    /// <summary>Does the work. The returned decision is already durable; its events are raised afterwards.</summary>
    protected abstract ValueTask<Decision<TResult>> ExecuteAsync(CancellationToken cancellationToken);
}
