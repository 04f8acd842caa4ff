using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.AspNetCore.Pages;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCallrouteMfa(mfa => mfa.Issuer = "My application").UseDataProtection().UseArgon2().UseInMemory();
builder.Services.AddMfaPages().AddSingleton<IMfaUsers, Users>().AddAuthentication("Cookies").AddCookie(it => it.LoginPath = "/login");
var app = builder.Build();

app.MapGet("/", () => "Hello World!");
app.UseSameOrigin();
app.MapMfaPages("/security");
app.MapGet("/login", () => Results.Content("<form method=post>Password: <input type=password name=password><button>Sign in", "text/html"));
app.MapPost("/login", async (HttpContext context, MfaSignIn signIn) => Results.LocalRedirect(
    (await context.Request.ReadFormAsync())["password"] != "correct horse" ? "/login" : await signIn.BeginAsync(
        context, new MfaSubject("ann"), returnPath: "/security") == MfaSignInStep.SignedIn ? "/security" : "/security/sign-in"));

app.Run();

internal sealed class Users : IMfaUsers
{
    private bool _isEnrolled;

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(new MfaUser { AccountName = "ann@example.com", Policy = MfaPolicy.Optional, IsEnrolled = _isEnrolled });

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        _isEnrolled = isEnrolled;
        return ValueTask.CompletedTask;
    }
}
