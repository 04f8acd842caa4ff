namespace Callroute.Portal.Pages;

/// <summary>A form that makes one change, with the code field where it is wanted.</summary>
public sealed record ConfirmedChange(string Action, string Verb, bool WantsCode, string? Error, bool IsDangerous = false);
