namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Stands where a member would ask a database of its own: it takes as long as one does, and others go on meanwhile.</summary>
internal static class RoundTrip
{
    public static Task TakeAsync() => Task.Delay(TimeSpan.FromMilliseconds(2));
}
