namespace Callroute.Mfa.OtpTool;

/// <summary>Ends the program with one line on standard error and exit code 2. The message repeats no secret.</summary>
internal sealed class InputException(string message) : Exception(message);
