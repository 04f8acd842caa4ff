namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Takes as long as a database call, so that other requests can run in between.</summary>
internal static class RoundTrip
{
    public static Task TakeAsync() => Task.Delay(TimeSpan.FromMilliseconds(2));
}
