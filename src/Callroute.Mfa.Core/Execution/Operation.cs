namespace Callroute.Mfa.Execution;

/// <summary>One use case, made for one call. The constructor takes its input; <see cref="ExecuteAsync"/> is read from the top.</summary>
/// <param name="context">What every operation needs.</param>
/// <param name="subject">Whose record it reads or changes.</param>
/// <exception cref="ArgumentException">The subject is the default value.</exception>
internal abstract class Operation<TResult>(OperationContext context, MfaSubject subject)
{
    protected OperationContext Context => context;

    protected MfaSubject Subject { get; } = Guard.Subject(subject);

    protected MfaOptions Options => context.Options;

    /// <summary>
    /// Runs the operation, then raises its events: by then every permit is released, so a slow handler blocks no other user.
    /// </summary>
    public virtual async ValueTask<TResult> RunAsync(CancellationToken cancellationToken)
    {
        var decision = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
        await context.Events.DispatchAsync(Subject, decision.Events).ConfigureAwait(false);
        return decision.Result;
    }

    /// <summary>Does the work. The returned decision is already durable; its events are raised afterwards.</summary>
    protected abstract ValueTask<Decision<TResult>> ExecuteAsync(CancellationToken cancellationToken);
}
