namespace Callroute.Mfa.Walkthrough;

/// <summary>The exception that is thrown when a step does not behave as documented.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
