using System.Collections;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SynthStudio.Testing.Fuzzing;

/// <summary>Fills messages of any kind with what is allowed, what is nearly allowed, and what attacks whoever prints, stores or looks it up.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="names">Resource names that exist.</param>
public sealed class MessageMaker(Random random, IReadOnlyList<string> names)
{
    private const int Deepest = 6;

    /// <summary>Of ten fields so many are set: a message with few gets past more checks than one with many.</summary>
    private readonly int _density = random.Next(3) switch { 0 => 1, 1 => 4, _ => 8 };

    private static readonly string[] Texts =
    [
        "", " ", "-", "*", "a", "name", "%s%n", "0192f3c4-0000-7000-8000-000000000000", "projects/-/datasets/-", "projects/p", "users/admin", "users/me",
        "../../../../etc/passwd", "..\\..\\x", "/etc/shadow", "file:///etc/passwd", "a\0b", "\0", "x\r\nset-cookie: a=b", "\u001b[31mred\u001b[0m", "\u202egnp.exe",
        "' OR '1'='1", "x'; DROP TABLE projects; --", "\" OR 1=1 --", "%27", "_%", "create_time desc", "name; --", "${jndi:ldap://x}", "{{7*7}}", "=1+1", "<script>alert(1)</script>",
        "{}", "[]", "{\"columns\": {\"a\": \"integer\"}}", "{\"columns\": null}", "{\"columns\": {\"a\": {\"kind\": 7}}}", "[[[[[[", "null", "1e999", "NaN", "-1", "0", "18446744073709551616",
        "a,b\n1,2\n", "table.csv", "table.parquet", "table.csv.gz", "schema", "copula", "dp-scripted", "autoregressive", "t", "cpu", "cuda",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "é\u0301\ud83d\ude00\uffff", "\ud800",
    ];

    private static readonly string[] Words = ["", "copula", "autoregressive", "dp-scripted", "mst", "rdp", "pld", "gaussian", "laplace"];

    private static readonly double[] Doubles =
        [0, -0.0, 1, -1, 0.5, 1e-300, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon];
    private static readonly long[] Integers = [0, 1, -1, 2, 3, 100, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 253402300800, -62135596801];

    /// <summary>A message of this kind.</summary>
    public IMessage Make(MessageDescriptor type) => Make(type, depth: 0);

    /// <summary>Sets a text in a message by its path, making the messages on the way.</summary>
    public static void Set(IMessage message, string path, string value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            var field = message.Descriptor.FindFieldByName(part);
            var inner = (IMessage?)field.Accessor.GetValue(message) ?? field.MessageType.Parser.ParseFrom([]);
            field.Accessor.SetValue(message, inner);
            message = inner;
        }

        message.Descriptor.FindFieldByName(parts[^1]).Accessor.SetValue(message, value);
    }

    private IMessage Make(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var isNeeded = field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) == true;
            if (random.Next(10) >= (isNeeded ? 9 : _density) || (depth >= Deepest && field.FieldType == FieldType.Message)) continue;
            Fill(message, field, depth);
        }

        return message;
    }

    private void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            for (var i = random.Next(3); i > 0; i--) map[Value(key, depth)] = Value(value, depth);
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var i = random.Next(4); i > 0; i--) list.Add(Value(field, depth));
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Make(field.MessageType, depth + 1),
        FieldType.String => Text(field.Name),
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => Doubles[random.Next(Doubles.Length)],
        FieldType.Float => (float)Doubles[random.Next(Doubles.Length)],
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => unchecked((int)Integer()),
        FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)Integer()),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Integer(),
        FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)Integer()),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, random.Next(4) == 0 ? (int)Integer() : random.Next(field.EnumType.Values.Count)),
        _ => throw new NotSupportedException($"{field.FullName} is of a kind that is not made yet."),
    };

    /// <summary>Mostly what the field is likely to take, so that what lies behind it is reached too.</summary>
    private string Text(string field) => random.Next(10) switch
    {
        < 6 when field is "request_id" => $"0192f3c4-0000-7000-8000-{random.Next(5):x12}",
        < 8 when field is "page_token" or "etag" or "update_mask" or "sha256" => "",
        < 6 when field is "file_name" => "table.csv",
        < 6 when field is "method" or "kind" or "mechanism" or "accountant" => Words[random.Next(Words.Length)],
        < 6 when field.EndsWith("_id", StringComparison.Ordinal) => $"id-{random.Next(50)}",
        < 7 when Plural(field) is { } plural && names.FirstOrDefault(n => n.Contains($"/{plural}/", StringComparison.Ordinal)) is { } fitting => fitting,
        < 4 when names.Count > 0 => names[random.Next(names.Count)],
        < 8 => Texts[random.Next(Texts.Length)],
        8 => new string((char)random.Next(1, 0xd7ff), random.Next(5) == 0 ? random.Next(20_000) : random.Next(100)),
        _ => string.Create(random.Next(40), random, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = (char)source.Next(1, 0x250);
        }),
    };

    /// <summary>The collection that a field names something of; null for most fields.</summary>
    private static string? Plural(string field) => field switch
    {
        "generator" or "subject" => "generators",
        "dataset" or "source" or "previous_version" or "earlier_dataset" => "datasets",
        "synthetic_dataset" => "syntheticDatasets",
        "connection" => "connections",
        _ => null,
    };

    private long Integer() => random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : Integers[random.Next(Integers.Length)];

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(8) == 0 ? random.Next(5000) : random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }
}
