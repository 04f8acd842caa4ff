using Google.Protobuf;

namespace Callroute.Mfa.OtpTool;

/// <summary>Reads and writes one message of Protocol Buffers by its field numbers.</summary>
internal static class Message
{
    /// <summary>Reads every field.</summary>
    /// <param name="data">The message.</param>
    /// <param name="name">What the message is, for errors.</param>
    /// <param name="read">Gets the number of a field and reads its value; false if it does not know the field.</param>
    /// <exception cref="InputException">The message is damaged, or has a field that is not known.</exception>
    public static void Read(byte[] data, string name, Func<int, CodedInputStream, bool> read)
    {
        using var input = new CodedInputStream(data);
        try
        {
            while (input.ReadTag() is > 0 and var tag)
            {
                var field = WireFormat.GetTagFieldNumber(tag);
                if (!read(field, input))
                {
                    throw new InputException($"{name} has field {field}, which is not known. It may be from a newer version of the app.");
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            throw new InputException($"{name} is damaged.");
        }
    }

    public static byte[] Write(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            write(output);
        }

        return buffer.ToArray();
    }

    public static void WriteField(this CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public static void WriteField(this CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    public static void WriteField(this CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }
}
