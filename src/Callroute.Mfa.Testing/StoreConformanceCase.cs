using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Conformance;

namespace Callroute.Mfa.Testing;

/// <summary>Checks one promise of <see cref="IMfaStore"/> on a store of any kind.</summary>
/// <remarks>Immutable and thread-safe. Every run makes subjects of its own, so that cases may run at the same time on one database.</remarks>
public sealed class StoreConformanceCase
{
    private readonly Func<Trial, Task> _run;

    internal StoreConformanceCase(string name, string promise, Func<Trial, Task> run) => (Name, Promise, _run) = (name, promise, run);

    /// <summary>The name, such as <c>Swap_StaleVersion_ChangesNothing</c>; unique among the cases.</summary>
    public string Name { get; }

    /// <summary>What a store must do: one sentence.</summary>
    public string Promise { get; }

    /// <summary>Runs the case.</summary>
    /// <param name="open">
    /// Opens the store under test, on the same data each time; a case opens several, at the same time and one after the
    /// other. Each must be an object of its own where the store is disposable: the case disposes what it opened.
    /// </param>
    /// <param name="cancellationToken">Ends the case. A case has no time limit of its own: give one here if a store may hang.</param>
    /// <returns>A task that ends when the promise was kept.</returns>
    /// <exception cref="StoreConformanceException">The promise was broken; also where the store threw.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws breaks the promise and is told as the cause.")]
    public async Task RunAsync(Func<CancellationToken, ValueTask<IMfaStore>> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        var trial = new Trial(this, open, cancellationToken);
        try
        {
            await using (trial.ConfigureAwait(false))
            {
                await _run(trial).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not StoreConformanceException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreConformanceException(this, $"The store threw {exception.GetType().Name}.", exception);
        }
    }

    /// <summary>Gives the name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
