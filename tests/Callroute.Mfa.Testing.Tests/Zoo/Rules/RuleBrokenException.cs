namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>An implementation has broken a rule. Anything else that a rule throws is a failure of the test, no rejection.</summary>
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
