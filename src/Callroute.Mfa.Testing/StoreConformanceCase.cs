using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Conformance;

namespace Callroute.Mfa.Testing;

/// <summary>A test of one requirement of <see cref="IMfaStore"/>, for any store.</summary>
/// <remarks>Immutable and thread-safe. Every run uses its own subjects, so cases may run at the same time on one database.</remarks>
public sealed class StoreConformanceCase
{
    private readonly Func<Trial, Task> _run;

    internal StoreConformanceCase(string promise, Func<Trial, Task> run, [CallerArgumentExpression(nameof(run))] string name = "") =>
        (Name, Promise, _run) = (name, promise, run);

    /// <summary>The name, such as <c>Replace_StaleVersion_ChangesNothing</c>; unique among the cases.</summary>
    public string Name { get; }

    /// <summary>The requirement, in one sentence.</summary>
    public string Promise { get; }

    /// <summary>Runs the case.</summary>
    /// <param name="open">
    /// Opens the store under test, on the same data each time. A case opens several stores, some of them at the same time, and disposes
    /// each that is disposable. So a disposable store must be a new object for every call.
    /// </param>
    /// <param name="cancellationToken">Cancels the case. A case has no time limit, so set one here if the store may hang.</param>
    /// <returns>A task that completes when the case has passed.</returns>
    /// <exception cref="StoreConformanceException">The store broke the requirement, or it threw an exception.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Any exception of a store breaks the requirement and is reported as the cause.")]
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

    /// <summary>Returns the name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
