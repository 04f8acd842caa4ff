using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Reliability;

/// <summary>A phone with one account. It uses each time step once, and its clock is a little wrong.</summary>
/// <param name="name">Its name in the history, and in the record.</param>
/// <param name="uri">The scanned URI.</param>
/// <param name="skew">How much its clock is ahead; all users' steps would begin at the same moment without it.</param>
internal sealed class Phone(string name, string uri, TimeSpan skew) : IDisposable
{
    /// <summary>A step of the shortest period that the library allows.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>The most that the library allows.</summary>
    public const int PastSteps = 2;

    private readonly VirtualAuthenticator _app = VirtualAuthenticator.Scan(uri, TimeProvider.System);

    public string Name => name;

    /// <summary>The id of the authenticator.</summary>
    public Guid? Id { get; set; }

    /// <summary>The step whose code was typed last.</summary>
    public long LastStep { get; private set; }

    /// <summary>The step and the code that are shown now, if this step was not used.</summary>
    public TypedCode? TryTakeCode()
    {
        var now = DateTimeOffset.UtcNow + skew;
        var step = StepAt(now);
        if (step <= LastStep)
        {
            return null;
        }

        LastStep = step;
        return new TypedCode(this, step, _app.GetCodeAt(now));
    }

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Period.TotalSeconds;

    public void Dispose() => _app.Dispose();
}
