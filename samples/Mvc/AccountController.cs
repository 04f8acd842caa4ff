using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Shop;

[ResponseCache(NoStore = true)]
public sealed class AccountController(ShopDb db, MfaSignIn signIn, MfaAccount account) : Controller
{
    public IActionResult Login() => View();

    [HttpPost]
    public async Task<IActionResult> Login(string email, string password)
    {
        var user = await db.Users.SingleOrDefaultAsync(user => user.Email == email);
        if (user is null || !IsRight(user, password))
        {
            return View(model: "E-mail address or password is wrong.");
        }

        return await signIn.BeginAsync(HttpContext, new MfaSubject($"{user.Id}")) switch
        {
            MfaSignInStep.SignedIn => LocalRedirect("/"),
            MfaSignInStep.CodeRequired => View(nameof(Code)),
            MfaSignInStep.EnrollmentRequired => RedirectToAction(nameof(Enroll)),
            _ => View(model: "Try again later."),
        };
    }

    [HttpPost]
    public async Task<IActionResult> Code(string? code) => await signIn.VerifyAsync(HttpContext, code) switch
    {
        null or { UserMessage: UserMessage.StartOver } => RedirectToAction(nameof(Login)),
        { Succeeded: true, ReplacementRecoveryCodes: { } codes } => View("Codes", codes),
        { Succeeded: true } => LocalRedirect("/"),
        var refused => View(model: refused),
    };

    public IActionResult Enroll() => View();

    [HttpPost]
    public async Task<IActionResult> Enroll(string? code) =>
        await account.FindSubjectAsync(HttpContext) is null ? Challenge() : View(await account.BeginEnrollmentAsync(HttpContext, code));

    [HttpPost]
    public async Task<IActionResult> Confirm(Guid id, string? code) =>
        await account.FindSubjectAsync(HttpContext, id) is null
            ? Challenge()
            : await account.ConfirmEnrollmentAsync(HttpContext, id, code) switch
            {
                { Succeeded: true, RecoveryCodes: { } codes } => View("Codes", codes),
                { Succeeded: true } => LocalRedirect("/"),
                _ => View(nameof(Enroll), await account.ResumeEnrollmentAsync(HttpContext, id)),
            };

    [HttpPost]
    public async Task<IActionResult> Saved(Guid id)
    {
        if (await account.RequiresSignInAsync(HttpContext))
        {
            return Challenge();
        }

        await account.AcknowledgeRecoveryCodesAsync(HttpContext, id);
        return LocalRedirect("/");
    }

    private static bool IsRight(ShopUser user, string password) =>
        new PasswordHasher<ShopUser>().VerifyHashedPassword(user, user.PasswordHash, password) != PasswordVerificationResult.Failed;
}
