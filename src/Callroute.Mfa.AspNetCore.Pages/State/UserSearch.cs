namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The text of an administrator's search.</summary>
/// <param name="Text">What the administrator typed.</param>
/// <param name="Owner">The administrator, as <see cref="PageUser.Remembered"/> names them: another one must not see it.</param>
internal sealed record UserSearch(string Text, string? Owner);
