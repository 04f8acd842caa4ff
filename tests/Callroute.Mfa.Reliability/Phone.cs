using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Reliability;

/// <summary>A phone with one account. It shows the code of each time step once.</summary>
/// <param name="name">Its number, and the name of the authenticator in the record.</param>
/// <param name="uri">The scanned URI.</param>
/// <param name="skew">How much its clock is ahead: without it, the steps of all users would begin at the same moment.</param>
internal sealed class Phone(string name, string uri, TimeSpan skew)
{
    /// <summary>The shortest period that the library allows.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>The widest window that the library allows.</summary>
    public const int PastSteps = 2;

    private readonly VirtualAuthenticator _app = VirtualAuthenticator.Scan(uri, TimeProvider.System);
    private long _lastStep;

    public string Name => name;

    /// <summary>The id of the authenticator, as a status says.</summary>
    public Guid? Id { get; set; }

    /// <returns>The code of this moment, or null if it was taken before.</returns>
    public TypedCode? TryTakeCode()
    {
        var now = DateTimeOffset.UtcNow + skew;
        if (StepAt(now) <= _lastStep)
        {
            return null;
        }

        _lastStep = StepAt(now);
        return new TypedCode(this, _lastStep, _app.GetCodeAt(now));
    }

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Period.TotalSeconds;
}

/// <summary>A code of a phone, as its user types it.</summary>
internal sealed record TypedCode(Phone Phone, long Step, string Text)
{
    /// <summary>Whether a server with the right time accepts the step, and will for a moment.</summary>
    public bool IsInWindow => Step >= Phone.StepAt(DateTimeOffset.UtcNow.AddSeconds(1)) - Phone.PastSteps;

    public override string ToString() => $"{Phone.Name}@{Step}";
}
