using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa.Provisioning;

/// <summary>Draws provisioning URIs as QR codes (ISO/IEC 18004) that authenticator apps scan.</summary>
/// <remarks>
/// Implementations are thread-safe and draw locally: the URI contains the secret and must never leave the process. Every picture contains
/// the secret too: show it once over a protected connection, and never cache, log or mail it.
/// </remarks>
public interface IQrCodeRenderer
{
    /// <summary>Draws the code as an SVG document, for a place in a page.</summary>
    /// <param name="uri">The URI; its secret must not be disposed.</param>
    /// <returns>
    /// One <c>svg</c> element without an XML declaration, a script or a style. It scales to its container, and is black on white for any
    /// colours of the page. It has four modules of quiet zone, and a title for screen readers that does not contain the URI.
    /// </returns>
    /// <exception cref="ArgumentException">The URI is too long for any QR code.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    string ToSvg(ProvisioningUri uri);

    /// <summary>Draws the code as a PNG file.</summary>
    /// <param name="uri">The URI; its secret must not be disposed.</param>
    /// <param name="pixelsPerModule">The width of a module, 1–40 pixels; 8 by default.</param>
    /// <returns>A square PNG file in black and white, with four modules of quiet zone.</returns>
    /// <exception cref="ArgumentException">The URI is too long for any QR code.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pixelsPerModule"/> is not 1–40.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    byte[] ToPng(ProvisioningUri uri, int pixelsPerModule = 8);

    /// <summary>Draws the code as text for a terminal with light text on a dark background.</summary>
    /// <param name="uri">The URI; its secret must not be disposed.</param>
    /// <returns>
    /// Lines of Unicode half blocks, each ended by a line feed, with four modules of quiet zone. The blocks are the light
    /// modules, so that phones see dark on light; on a light background the picture is inverted and some apps do not read it.
    /// </returns>
    /// <exception cref="ArgumentException">The URI is too long for any QR code.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    string ToTerminal(ProvisioningUri uri);

    /// <summary>Draws the code as a data URI, for the <c>src</c> of an <c>img</c> element.</summary>
    /// <param name="uri">The URI; its secret must not be disposed.</param>
    /// <returns>
    /// <c>data:image/png;base64,</c> and the file that <see cref="ToPng"/> makes by default. A content security policy must allow
    /// <c>img-src data:</c>.
    /// </returns>
    /// <exception cref="ArgumentException">The URI is too long for any QR code.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    [SuppressMessage("Design", "CA1055", Justification = "The text is put into a page unchanged. It is not used as an address.")]
    string ToDataUri(ProvisioningUri uri);
}
