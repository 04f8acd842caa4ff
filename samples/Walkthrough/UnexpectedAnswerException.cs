namespace Callroute.Mfa.Walkthrough;

/// <summary>Says that a step did not behave as the help page promises.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
