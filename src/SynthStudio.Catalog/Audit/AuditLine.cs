using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// An entry as text, and the hash that ties it to all before it: h(0) = SHA-256 of the chain's name, h(n) = SHA-256(h(n-1) || line n). Whoever
/// changes, drops or moves a line changes every hash after it.
/// </summary>
public static class AuditLine
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>h(0) of a chain: no chain can stand for another.</summary>
    public static byte[] Root(string chain) => SHA256.HashData(Encoding.UTF8.GetBytes($"SynthStudio audit chain {chain}"));

    /// <summary>h(n) into <paramref name="hash"/>, which may be the memory of h(n-1).</summary>
    public static void Hash(ReadOnlySpan<byte> previous, string line, Span<byte> hash)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length));
        Hash(previous, rented.AsSpan(0, Encoding.UTF8.GetBytes(line, rented)), hash);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>The same, with the line in UTF-8.</summary>
    public static void Hash(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> line, Span<byte> hash)
    {
        const int Common = 1024;
        var length = previous.Length + line.Length;
        Span<byte> both = length <= Common ? stackalloc byte[length] : new byte[length];
        previous.CopyTo(both);
        line.CopyTo(both[previous.Length..]);
        SHA256.HashData(both, hash);
    }

    /// <summary>JSON in one line, its properties in a fixed order, those that are empty left out.</summary>
    public static string Write(AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", entry.Sequence);
            json.WriteNumber("time", Microseconds.From(entry.Time));
            if (entry.Clock is { } clock) json.WriteNumber("clock", Microseconds.From(clock));
            Text("actor", entry.Event.Actor);
            Text("credential", entry.Event.Credential);
            Text("method", entry.Event.Method);
            Text("resource", entry.Event.Resource);
            Text("outcome", entry.Event.Outcome);
            Text("reason", entry.Event.Reason);
            Text("address", entry.Event.Address);
            Text("trace_id", entry.Event.TraceId);
            Text("request_id", entry.Event.RequestId);
            Text("detail", entry.Event.Detail);
            if (entry.Event.Begun is { } begun) json.WriteNumber("begun", begun);
            if (entry.Event.Restore is { } restore) Write(json, restore);
            json.WriteEndObject();

            void Text(string name, string value)
            {
                if (value.Length > 0) json.WriteString(name, value);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether a line may hold an accepted restore: the only property that is an object, and the last.</summary>
    internal static bool MayHoldRestore(ReadOnlySpan<byte> line) => line.EndsWith("}}"u8);

    /// <summary>The entry in a line; false when the text is no line.</summary>
    public static bool TryRead(string line, [NotNullWhen(true)] out AuditEntry? entry)
    {
        try
        {
            entry = Read(line);
            return true;
        }
        catch (FormatException)
        {
            entry = null;
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, AuditRestore restore)
    {
        json.WriteStartObject("restore");
        json.WriteString("chain", restore.Signed.Chain);
        json.WriteNumber("signed_sequence", restore.Signed.Sequence);
        json.WriteString("signed_sha256", Convert.ToHexStringLower(restore.Signed.Hash));
        json.WriteString("signature", Convert.ToHexStringLower(restore.Signed.Signature));
        json.WriteNumber("last_kept", restore.LastKept);
        json.WriteBoolean("said", restore.IsSaid);
        json.WriteString("why", restore.Why);
        json.WriteEndObject();
    }

    private static AuditRestore ReadRestore(JsonElement json)
    {
        var signed = new AuditHead(
            json.GetProperty("chain").GetString() ?? "", json.GetProperty("signed_sequence").GetInt64(), Convert.FromHexString(json.GetProperty("signed_sha256").GetString() ?? ""),
            Convert.FromHexString(json.GetProperty("signature").GetString() ?? ""));
        return new AuditRestore(signed, json.GetProperty("last_kept").GetInt64(), json.GetProperty("said").GetBoolean(), json.GetProperty("why").GetString() ?? "");
    }

    /// <summary>The entry in a line.</summary>
    /// <exception cref="FormatException">The text is no line.</exception>
    public static AuditEntry Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var what = new AuditEvent
            {
                Actor = Text("actor"), Credential = Text("credential"), Method = Text("method"), Resource = Text("resource"), Outcome = Text("outcome"),
                Reason = Text("reason"), Address = Text("address"), TraceId = Text("trace_id"), RequestId = Text("request_id"), Detail = Text("detail"),
                Begun = root.TryGetProperty("begun", out var begun) ? begun.GetInt64() : null,
                Restore = root.TryGetProperty("restore", out var restore) ? ReadRestore(restore) : null,
            };
            return new AuditEntry(root.GetProperty("sequence").GetInt64(), Microseconds.ToTime(root.GetProperty("time").GetInt64()), what)
            {
                Clock = root.TryGetProperty("clock", out var clock) ? Microseconds.ToTime(clock.GetInt64()) : null,
            };

            string Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentOutOfRangeException or FormatException)
        {
            throw new FormatException("The text is no line of an audit trail.", e);
        }
    }
}
