namespace Callroute.Mfa.OtpTool;

/// <summary>One property of an answer.</summary>
/// <param name="Name">Its name in JSON; people read it as words.</param>
/// <param name="Value">Null, a text, a whole number, a truth value, or a list of texts or numbers.</param>
/// <param name="Text">What people read instead of the value; null for the value.</param>
internal sealed record Field(string Name, object? Value, string? Text = null);
