using System.Globalization;
using Callroute.Mfa.AspNetCore.Pages.Internal;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Answers with a page, or with the way to the next one and what that page says.</summary>
internal sealed class PageResponder(
    MfaPagesOptions options,
    PageTexts texts,
    PageCookies cookies,
    PageUser users,
    MfaService mfa,
    IOptions<MfaSignInOptions> signIn,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    // Nothing else works without it: the QR code, the style and the script are the only content that is not text.
    private const string DefaultPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    private readonly ILogger _logger = loggers.CreateLogger(Log.Category);

    private string? _prefix;

    /// <exception cref="ArgumentException">There is no prefix, or it has parameters: links would lead nowhere.</exception>
    /// <exception cref="InvalidOperationException">The pages are mapped twice or in a group, or a component cannot be shown.</exception>
    public void MapAt(string? prefix)
    {
        if (prefix is null || _prefix is not null)
        {
            throw new InvalidOperationException($"Call {nameof(MfaPagesExtensions.MapMfaPages)} once, on the application itself.");
        }

        if (prefix.Trim('/') is not { Length: > 0 } path || path.Contains('{', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The pages need a path of their own without parameters, such as /account/security. It is '{prefix}'.", nameof(prefix));
        }

        options.Check();
        _prefix = "/" + path;
    }

    /// <returns>Whether browsers send the library's cookies to this address. They compare the letter case; routes do not.</returns>
    /// <exception cref="InvalidOperationException">They do not send them to the pages at all.</exception>
    public bool GetsCookies(HttpContext context)
    {
        var (covered, path) = (signIn.Value.CookiePath, context.Request.PathBase.Add(_prefix).ToUriComponent());
        if (!IsUnder(StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.CookiePath)} is '{covered}', but the pages are at '{path}', so "
                + "they get no cookies. Set it to '/', or to a path above the pages, in the same letter case. Behind a proxy that removes "
                + "the beginning of the path, set PathBase to that beginning.");
        }

        return IsUnder(StringComparison.Ordinal);

        bool IsUnder(StringComparison comparison) =>
            path.Equals(covered, comparison) || path.StartsWith(covered.TrimEnd('/') + "/", comparison);
    }

    public string PathOf(HttpContext context, string page = "") => $"{context.Request.PathBase}{_prefix}{page}";

    public SeeOther Lead(HttpContext context, string page = "") => new(PathOf(context, page));

    /// <summary>Leads to a page that says something.</summary>
    public SeeOther Tell(HttpContext context, string key, string page = "") => Tell(context, new Notice(page, key));

    public SeeOther Tell(HttpContext context, Notice notice)
    {
        cookies.Write(context, notice with { Owner = PageUser.Remembered(context) });
        return Lead(context, notice.For);
    }

    /// <summary>Leads to the Security page, which says why the user cannot have what they asked for.</summary>
    public SeeOther LeadBack(HttpContext context, MfaChangeOutcome outcome) =>
        Tell(context, new Notice(string.Empty, $"Outcome.{outcome}") { IsError = true });

    /// <summary>Leads back to the form that had a code that was refused.</summary>
    public SeeOther Refuse(HttpContext context, VerificationResult refused, string page, bool remembersBrowser = false)
    {
        LogCause(refused);
        return Tell(context, Refusals.Of(refused, page, clock.GetUtcNow()) with { RemembersBrowser = remembersBrowser });
    }

    /// <summary>Leads back to the form of a change that was not made, or to the codes that replace the one that proved it.</summary>
    public async Task<IResult> RefuseAsync(HttpContext context, MfaChangeOutcome outcome, VerificationResult? verification, string page)
    {
        LogCause(verification);
        var notice = Refusals.Of(outcome, verification, page, clock.GetUtcNow());
        return verification?.ReplacementRecoveryCodes is { } codes
            ? await IssueAsync(context, codes, new UnsavedCodes("Codes.Used") { NextNotice = notice.Key }).ConfigureAwait(false)
            : Tell(context, notice);
    }

    /// <summary>Leads to the page that shows new recovery codes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="unsaved">Where to go on, and what is said there.</param>
    /// <param name="signedIn">The user and the time, if this request signs them in; null if they are signed in.</param>
    public async Task<IResult> IssueAsync(
        HttpContext context, IssuedRecoveryCodes codes, UnsavedCodes unsaved, (MfaSubject Subject, DateTimeOffset At)? signedIn = null)
    {
        var (subject, owner) = signedIn is { } now
            ? (now.Subject, PageUser.OwnerOf(now.Subject, now.At))
            : await users.FindOwnerAsync(context).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody is signed in.");
        var status = await mfa.GetStatusAsync(subject, context.RequestAborted).ConfigureAwait(false);
        cookies.Write(context, unsaved with
        {
            SetId = codes.SetId,
            Codes = codes.Reveal(),
            Owner = owner,
            Version = status.BindingVersion,
            ReturnPath = LocalPath.Check(unsaved.ReturnPath),
        });
        return Lead(context, RecoveryCodes.Page);
    }

    /// <summary>Ends the change: the application ends other sessions, and the next page says what was done.</summary>
    public async Task<IResult> FinishAsync(HttpContext context, string key)
    {
        await ChangedAsync(context).ConfigureAwait(false);
        return Tell(context, key);
    }

    public Task ChangedAsync(HttpContext context) => options.OnChanged?.Invoke(context) ?? Task.CompletedTask;

    /// <summary>Shows a page, with what the last form left for it to say.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page.</param>
    /// <param name="path">The page's path under the prefix.</param>
    /// <param name="status">The status of the response, unless the page tells to wait.</param>
    public RazorComponentResult Show(HttpContext context, MfaPage page, string path, int status = StatusCodes.Status200OK)
    {
        page.Title = texts[$"{page.Purpose}.Title", page.Subtitle];
        page.Attempt = $"{mfa.BeginAttempt()}.{PageUser.Remembered(context)}";
        page.Action = PathOf(context, path);
        TakeNotice(context, page, path);
        Protect(context);
        if (page.Wait is { } wait)
        {
            status = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var replacement = page.Component is null ? options.Find(page.Screen) : null;
        return new RazorComponentResult<Document>(new { Page = page, options.Layout, Replacement = replacement })
        {
            StatusCode = status,
        };
    }

    private void LogCause(VerificationResult? refused)
    {
        if (refused?.Cause is { } cause)
        {
            Log.CodeUnanswered(_logger, cause.GetType().FullName);
        }
    }

    private void TakeNotice(HttpContext context, MfaPage page, string path)
    {
        if (cookies.Read<Notice>(context) is not { } notice || notice.For != path
            || notice.Owner != PageUser.Remembered(context))
        {
            return;
        }

        var wait = notice.RetryAt - clock.GetUtcNow();
        page.Wait = wait > TimeSpan.Zero ? wait : null;
        page.Message = page.Wait is { } rest ? texts[notice.Key, texts.Wait(rest)] : wait is null ? texts[notice.Key] : null;
        page.IsError = notice.IsError && page.Message is not null;
        page.AsksForCode |= notice.AsksForCode;
        (page.OffersOtherWays, page.RemembersBrowser) = (notice.OffersOtherWays, notice.RemembersBrowser);

        // A wait is said until it is over; everything else once.
        if (page.Wait is null)
        {
            cookies.Delete<Notice>(context);
        }
    }

    private void Protect(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = options.Layout is null ? DefaultPolicy : "frame-ancestors 'none'";
        }

        // Referrers would be "null" origins with "no-referrer", which the check of forms refuses.
        if (!headers.ContainsKey("Referrer-Policy"))
        {
            headers["Referrer-Policy"] = "same-origin";
        }

        // Blazor's script in a page of the application would otherwise put this page into that one, without our script.
        context.Response.OnStarting(() =>
        {
            headers.Remove("blazor-enhanced-nav");
            return Task.CompletedTask;
        });
    }
}
