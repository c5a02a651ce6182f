using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Catalog.Webhooks;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>How structured values are kept in single columns: compact JSON, enums by name, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(LeaseEpochConverter)])]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(JobSnapshot))]
[JsonSerializable(typeof(GeneratorSnapshot))]
[JsonSerializable(typeof(LedgerState))]
[JsonSerializable(typeof(RetentionPolicy))]
[JsonSerializable(typeof(TransferEndpoint))]
[JsonSerializable(typeof(TransferSpec))]
[JsonSerializable(typeof(WorkError))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<PartRef>))]
[JsonSerializable(typeof(IReadOnlyList<DeliveryAttempt>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string?>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, int>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, ObjectRef>))]
internal sealed partial class CatalogJson : JsonSerializerContext
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, TypeInfo<T>());

    public static byte[] WriteUtf8<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo<T>());

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize(json, TypeInfo<T>()) ?? throw new JsonException($"A {typeof(T).Name} is stored as null.");

    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TypeInfo<T>()) ?? throw new JsonException($"A {typeof(T).Name} is stored as null.");

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Default.GetTypeInfo(typeof(T))!;

    private sealed class LeaseEpochConverter : JsonConverter<LeaseEpoch>
    {
        public override LeaseEpoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, LeaseEpoch value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
