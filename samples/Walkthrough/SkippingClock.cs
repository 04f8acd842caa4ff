namespace Callroute.Mfa.Walkthrough;

/// <summary>The system's clock, which can be moved ahead so that a demonstration does not have to wait.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private TimeSpan _skipped;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _skipped;

    public void Skip(TimeSpan time) => _skipped += time;
}
