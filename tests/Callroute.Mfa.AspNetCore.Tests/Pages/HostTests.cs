extern alias web;

using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Pages;

/// <summary>The pages in each kind of application.</summary>
public sealed partial class HostTests
{
    private static readonly Dictionary<string, (Action<IServiceCollection> Add, Action<WebApplication> Map)> Kinds = new()
    {
        ["Razor Pages"] = (services => services.AddRazorPages(), app => app.MapRazorPages()),
        ["MVC"] = (services => services.AddControllersWithViews(), app => app.MapDefaultControllerRoute()),
        ["Minimal API"] = (_ => { }, _ => { }),
        ["Blazor"] = (services => services.AddRazorComponents().AddInteractiveServerComponents(), app =>
        {
            app.UseAntiforgery();
            app.MapRazorComponents<Root>().AddInteractiveServerRenderMode();
        }),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [GeneratedRegex("(?:href|src)=\"([^\"]+/assets/[^\"]+)\"")]
    private static partial Regex Asset { get; }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pages_InAnApplication_LeadFromSetUpToSignIn(string kind)
    {
        await using var host = await PageHost.StartAsync(Kinds[kind].Add, Kinds[kind].Map);
        Assert.Equal(HttpStatusCode.Redirect, (await host.GetAsync()).StatusCode);
        var (phone, codes) = await host.EnrollAsync();
        Assert.Contains("Save your recovery code before you continue.", codes, StringComparison.Ordinal);
        var security = await host.PostAsync("/recovery-codes", PageHost.HiddenOf(codes));
        Assert.Contains("You have successfully enabled MFA for your account.", security, StringComparison.Ordinal);

        await host.SendAsync("/logout");
        await host.LogInAsync();
        Assert.Contains("Two Factor Authentication", await host.ReadAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal("home", await host.PostAsync("/sign-in", ("code", phone.GetCode())));
        var answer = await host.GetAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("blazor-enhanced-nav"));
        var assets = Asset.Matches(await host.ReadAsync()).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(2, assets.Length);
        Assert.All(
            await Task.WhenAll(assets.Select(path => host.GetAsync(path))),
            asset => Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_OfGettingStarted_HasFifteenLinesAndWorks()
    {
        var site = new Site<web::Program>();
        await using var host = new PageHost(site, site.Server);
        var (phone, codes) = await host.EnrollAsync();
        await host.PostAsync("/recovery-codes", PageHost.HiddenOf(codes));
        await host.LogInAsync();

        Assert.Equal(HttpStatusCode.SeeOther, (await host.SendAsync("/sign-in", ("code", phone.GetCode()))).StatusCode);
        Assert.Contains("Enabled. You are asked for a code", await host.ReadAsync(), StringComparison.Ordinal);
        var program = Repository.Read("samples/Web/Program.cs");
        var own = program[..program.IndexOf("// Your own pages.", StringComparison.Ordinal)].Split('\n')
            .Count(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal));
        Assert.InRange(own, 1, 15);
    }

    [Fact]
    public async Task Pages_WithALayoutAndAScreenOfTheApplication_ShowThem()
    {
        await using var host = await PageHost.StartAsync(configure: pages =>
        {
            pages.Layout = typeof(Frame);
            pages.Replace<OwnSetUp>(MfaScreen.SetUp);
        });
        await host.LogInAsync();

        var page = await host.PostAsync("/set-up");

        Assert.Contains("<h6>our frame</h6>", page, StringComparison.Ordinal);
        Assert.Contains("our set-up of Callroute", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Scan the QR code", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapMfaPages_WithoutServicesTwiceOrInAGroup_SaysWhatToDo()
    {
        await using var bare = WebApplication.Create();
        Assert.Contains("AddMfaPages", Assert.Throws<InvalidOperationException>(() => bare.MapMfaPages()).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PageHost.StartAsync(map: app => app.MapMfaPages("/other")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => PageHost.StartAsync(map: app => app.MapGroup("/x").MapMfaPages("/y")));
    }

    public sealed class Root : ComponentBase;

    public sealed class Frame : LayoutComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<h6>our frame</h6>");
            builder.AddContent(1, Body);
        }
    }

    public sealed class OwnSetUp : ComponentBase
    {
        [CascadingParameter]
        internal MfaPage Page { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder) =>
            builder.AddContent(0, $"our set-up of {Page.Offer!.Uri!.Issuer}");
    }
}
