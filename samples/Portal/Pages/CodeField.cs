namespace Callroute.Portal.Pages;

/// <summary>The one field that takes the code of an app or a whole recovery code.</summary>
public sealed record CodeField(string Label, string? Error, string? Hint = null, bool IsFocused = true, bool TakesRecoveryCode = true);
