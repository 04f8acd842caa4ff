namespace Callroute.Mfa.Reliability;

/// <summary>A code of a phone, as its user types it.</summary>
internal sealed record TypedCode(Phone Phone, long Step, string Text)
{
    /// <summary>Whether a server with the right time still has the step in its window, and will for a moment.</summary>
    public bool IsInWindow => Step >= Phone.StepAt(DateTimeOffset.UtcNow.AddSeconds(1)) - Phone.PastSteps;

    /// <summary>The code with a wrong digit.</summary>
    public string Mistyped => $"{Text[..^1]}{(Text[^1] - '0' + 1) % 10}";

    public override string ToString() => $"{Phone.Name}@{Step}";
}
