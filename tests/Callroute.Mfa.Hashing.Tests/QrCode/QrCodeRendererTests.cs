using System.Xml.Linq;
using Callroute.Mfa.QrCode;

namespace Callroute.Mfa.Hashing.Tests.QrCode;

public sealed class QrCodeRendererTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly QrCodeRenderer _renderer = new();

    public static TheoryData<string> Uris =>
    [
        "default", "unicode", "longest ASCII label", "HOTP, 8 digits, SHA-512", "longest offer", "longest at M", "shortest at L",
        "longest of all",
    ];

    [Theory]
    [MemberData(nameof(Uris))]
    public void ToPngToSvgAndToTerminal_AnyUri_AreReadBack(string name)
    {
        PictureReader.RequirePrograms();
        var uri = SampleUris.Named(name);

        Assert.Equal(uri.Reveal(), PictureReader.ReadPng(_renderer.ToPng(uri)));
        Assert.Equal(uri.Reveal(), PictureReader.ReadSvg(_renderer.ToSvg(uri)));
        Assert.Equal(uri.Reveal(), PictureReader.ReadTerminal(_renderer.ToTerminal(uri)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(40)]
    public void ToPng_Scale_IsWidthOfModule(int pixelsPerModule)
    {
        var modules = SizeOf(_renderer.ToSvg(SampleUris.Default));

        var png = _renderer.ToPng(SampleUris.Default, pixelsPerModule);

        Assert.Equal(modules * pixelsPerModule, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    public void ToPng_ScaleOutOfRange_TellsRange(int pixelsPerModule)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => _renderer.ToPng(SampleUris.Default, pixelsPerModule));

        Assert.Contains("1–40", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToPng_NoScale_IsEight() => Assert.Equal(_renderer.ToPng(SampleUris.Default, 8), _renderer.ToPng(SampleUris.Default));

    [Fact]
    public void ToDataUri_Base64_IsThePng()
    {
        const string Prefix = "data:image/png;base64,";

        var dataUri = _renderer.ToDataUri(SampleUris.Default);

        Assert.StartsWith(Prefix, dataUri, StringComparison.Ordinal);
        Assert.Equal(_renderer.ToPng(SampleUris.Default), Convert.FromBase64String(dataUri[Prefix.Length..]));
    }

    [Fact]
    public void ToSvg_Root_ScalesAndHasOneNameForScreenReaders()
    {
        var root = XElement.Parse(_renderer.ToSvg(SampleUris.Default));

        Assert.Equal(Svg + "svg", root.Name);
        Assert.Equal("img", (string?)root.Attribute("role"));
        Assert.Null(root.Attribute("width"));
        Assert.Null(root.Attribute("height"));
        Assert.Equal("QR code for your authenticator app", root.Element(Svg + "title")!.Value);
        Assert.Equal("QR code for your authenticator app", (string?)root.Attribute("aria-label"));
    }

    [Fact]
    public void ToSvg_Content_IsShapesOfFixedColours()
    {
        var root = XElement.Parse(_renderer.ToSvg(SampleUris.Default));

        Assert.Equal(["title", "rect", "path"], root.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("#fff", (string?)root.Element(Svg + "rect")!.Attribute("fill"));
        Assert.Equal("#000", (string?)root.Element(Svg + "path")!.Attribute("fill"));
        Assert.DoesNotContain(
            root.DescendantsAndSelf().Attributes().Select(attribute => attribute.Name.LocalName),
            name => name is "style" or "href" || name.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void ToSvg_Text_HoldsNothingOfTheUri()
    {
        var svg = _renderer.ToSvg(SampleUris.Default);

        Assert.All(
            ["otpauth", SampleUris.SecretText, "Callroute", "example"],
            part => Assert.DoesNotContain(part, svg, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ToTerminal_Edges_AreFourModulesOfQuietZone()
    {
        var lines = _renderer.ToTerminal(SampleUris.Default).TrimEnd('\n').Split('\n');

        var edges = lines.Take(2).Concat(lines.TakeLast(2)).Concat(lines.SelectMany(line => new[] { line[..4], line[^4..] }));

        Assert.All(edges, edge => Assert.Equal(new string('█', edge.Length), edge));
        Assert.All(lines, line => Assert.Equal(SizeOf(_renderer.ToSvg(SampleUris.Default)), line.Length));
    }

    [Fact]
    public void Level_UriThatFitsM_IsM()
    {
        var atM = SizeOf(_renderer.ToSvg(SampleUris.LongestAtM));
        var atL = SizeOf(_renderer.ToSvg(SampleUris.ShortestAtL));

        Assert.True(atL < atM, "One character more, at the lower level, needs a smaller code.");
    }

    [Fact]
    public void Uri_TooLongForAnyCode_IsRefusedWithoutTellingIt()
    {
        var exceptions = new Action[]
        {
            () => _renderer.ToSvg(SampleUris.TooLong),
            () => _renderer.ToPng(SampleUris.TooLong),
            () => _renderer.ToTerminal(SampleUris.TooLong),
            () => _renderer.ToDataUri(SampleUris.TooLong),
        }.Select(draw => Assert.Throws<ArgumentException>("uri", draw));

        Assert.All(exceptions, exception => Assert.Matches("2954 characters, at most 2953 fit", exception.Message));
        Assert.All(exceptions, exception => Assert.DoesNotContain(SampleUris.SecretText, exception.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Uri_NullOrSecretDisposed_IsRefused()
    {
        var uri = SampleUris.Default;
        uri.Secret.Dispose();

        Assert.Throws<ArgumentNullException>("uri", () => _renderer.ToSvg(null!));
        Assert.Throws<ArgumentNullException>("uri", () => _renderer.ToPng(null!));
        Assert.Throws<ObjectDisposedException>(() => _renderer.ToSvg(uri));
    }

    private static int SizeOf(string svg) =>
        int.Parse(((string)XElement.Parse(svg).Attribute("viewBox")!).Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
