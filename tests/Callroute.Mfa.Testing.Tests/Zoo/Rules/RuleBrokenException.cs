namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>An implementation has broken a rule. Any other exception of a rule is a failure of the test, not a rejection.</summary>
internal sealed class RuleBrokenException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new RuleBrokenException(message);
        }
    }
}
