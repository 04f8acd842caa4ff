using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Endpoints;

public sealed class AllowedOriginTests : SiteTest
{
    private const string App = "https://app.example.com";
    private const string Local = "http://localhost:3000";

    public AllowedOriginTests()
    {
        Site.Set("Callroute:MfaSignIn:AllowedOrigins:0", App);
        Site.Set("Callroute:MfaSignIn:AllowedOrigins:1", Local);
    }

    [Fact]
    public async Task Preflight_OfEveryEndpoint_AllowsTheListedOrigin()
    {
        var endpoints = Site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/mfa", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null).ToArray();

        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            var path = Regex.Replace(endpoint.RoutePattern.RawText!, "{.*?}", $"{Guid.NewGuid()}");
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single();
            var response = await SendAsync(
                HttpMethod.Options, path, "cross-site", App,
                ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization,content-type"));

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            AssertReadableBy(App, response);
            Assert.Contains(method, response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
            Assert.Equal("Authorization,Content-Type", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        }
    }

    [Theory]
    [InlineData("cross-site", App, true)]
    [InlineData("same-site", App, true)]
    [InlineData("same-site", Local, true)]
    [InlineData(null, App, true)]
    [InlineData("cross-site", "https://evil.example", false)]
    [InlineData("cross-site", "https://APP.example.com", false)]
    [InlineData("cross-site", "https://app.example.com.evil.example", false)]
    [InlineData("cross-site", "http://app.example.com", false)]
    [InlineData("cross-site", "https://app.example.com:8443", false)]
    [InlineData("cross-site", "null", false)]
    [InlineData("cross-site", App + "|" + App, false)]
    [InlineData("cross-site|cross-site", App, false)]
    [InlineData("cross-site", null, false)]
    public async Task Post_OfAnOrigin_OnlyAListedOneIsAdmitted(string? site, string? origin, bool isAdmitted)
    {
        await Browser.LogInAsync();

        var response = await SendAsync(HttpMethod.Post, "/mfa/enrollments", site, origin);
        var preflight = await SendAsync(HttpMethod.Options, "/mfa/enrollments", site, origin, ("Access-Control-Request-Method", "POST"));

        Assert.Equal(isAdmitted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            !isAdmitted && origin is not null && !origin.Contains('|', StringComparison.Ordinal),
            Site.Log.Lines.Any(line => line.Contains($"A page of origin '{origin}' was refused", StringComparison.Ordinal)));
        Assert.Equal(isAdmitted ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, preflight.StatusCode);
        var isListed = origin is App or Local;
        Assert.All([response, preflight], answer => Assert.Equal(isListed, answer.Headers.Contains("Access-Control-Allow-Origin")));
    }

    // The authorization middleware answers before the endpoint, and a page must be able to read that.
    [Fact]
    public async Task Refusal_OfAListedOrigin_IsReadable()
    {
        var response = await SendAsync(HttpMethod.Get, "/mfa", "cross-site", App);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        AssertReadableBy(App, response);
        Assert.Equal("Retry-After", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    [Theory]
    [InlineData("/mfa", App, App)]
    [InlineData("/mfa", "https://partner.example", null)]
    [InlineData("/me", "https://partner.example", "https://partner.example")]
    public async Task Response_OriginOfTheApplicationsOwnPolicy_IsReadableOnlyFromTheApplicationsEndpoints(
        string path, string origin, string? readableBy)
    {
        Site.Add(services => services.PostConfigure<CorsOptions>(
            cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(App, "https://partner.example").AllowCredentials())));
        await Browser.LogInAsync();

        var response = await SendAsync(HttpMethod.Get, path, "cross-site", origin);

        var allowed = response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
        Assert.Equal(readableBy, allowed);
        Assert.Equal(readableBy is not null, response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static void AssertReadableBy(string origin, HttpResponseMessage response)
    {
        Assert.Equal(origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Contains("Origin", response.Headers.Vary);
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? site, string? origin, params (string Name, string? Value)[] headers) =>
        Browser.SendAsync(method, path, [.. headers, ("Sec-Fetch-Site", site), ("Origin", origin)]);
}
