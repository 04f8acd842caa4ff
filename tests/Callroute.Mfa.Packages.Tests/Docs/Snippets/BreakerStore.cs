using Callroute.Mfa.Storage;
using Polly;
using Polly.CircuitBreaker;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

// <breaker>
/// <summary>A store that is not asked for a while after half of its calls have failed.</summary>
internal sealed class BreakerStore(IMfaStore inner) : IMfaStore
{
    private readonly ResiliencePipeline _breaker = new ResiliencePipelineBuilder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions { MinimumThroughput = 10, BreakDuration = TimeSpan.FromSeconds(5) })
        .AddTimeout(TimeSpan.FromSeconds(3))   // a call that hangs counts as failed
        .Build();

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken) =>
        _breaker.ExecuteAsync(token => inner.FindAsync(subject, token), cancellationToken);

    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken) =>
        _breaker.ExecuteAsync(token => inner.TryWriteAsync(subject, document, newVersion, expected, token), cancellationToken);

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken) =>
        _breaker.ExecuteAsync(token => inner.TryDeleteAsync(subject, expected, token), cancellationToken);
}
// </breaker>
