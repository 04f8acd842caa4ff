namespace Callroute.Mfa.Walkthrough;

/// <summary>The system's clock with an offset, so that a demonstration can skip time instead of waiting.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private TimeSpan _skipped;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _skipped;

    public void Skip(TimeSpan time) => _skipped += time;
}
