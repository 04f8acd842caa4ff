using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The fields that a form may have. Fields that are missing or malformed are null.</summary>
internal sealed class PageForm
{
    private readonly IFormCollection _fields;

    private PageForm(IFormCollection fields) => _fields = fields;

    /// <summary>The recovery code if the user typed one in the field for it, else what they typed as a code.</summary>
    public string? Code => string.IsNullOrWhiteSpace(_fields["recovery"]) ? _fields["code"] : _fields["recovery"];

    public AttemptId? Attempt => AttemptId.TryParse(AttemptAndOwner[0], out var attempt) ? attempt : null;

    /// <summary>The user whom the form was shown to.</summary>
    public string? Owner => AttemptAndOwner.ElementAtOrDefault(1);

    public string? Name => _fields["name"];

    /// <summary>The text of an administrator's search; empty if it is too long.</summary>
    public string Search => $"{_fields["user"]}" is { Length: <= MfaSubject.MaximumLength } text ? text : string.Empty;

    /// <summary>The reason that an administrator gives.</summary>
    public string? Reason => _fields["reason"];

    public Guid? EnrollmentId => GuidOf("enrollment");

    public Guid? SetId => GuidOf("set");

    /// <summary>Whether the user wants to be asked for no code in this browser for some days.</summary>
    public bool RemembersBrowser => _fields["remember"] == "true";

    public string? ReturnPath => LocalPath.Check(_fields["returnUrl"]);

    public static async ValueTask<PageForm> BindAsync(HttpContext context) => new(await ReadAsync(context).ConfigureAwait(false));

    // A form that no page of ours has sent, such as one of a thousand fields, is an empty one: it has no code.
    private static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType
                ? await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false)
                : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }

    private string[] AttemptAndOwner => $"{_fields["attempt"]}".Split('.');

    private Guid? GuidOf(string field) => Guid.TryParse(_fields[field], out var id) ? id : null;
}
