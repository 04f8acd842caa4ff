namespace Callroute.Mfa.Reliability;

internal static class Report
{
    public static void Write() => throw new NotImplementedException();
}
