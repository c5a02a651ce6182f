using Google.Rpc;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Checks the schema files that clients set, at once: whether they fit the table is seen when that is read.</summary>
internal sealed class SchemaFiles(ISchemaChecker checker)
{
    private const int LongestSchema = 2 << 20;

    /// <summary>Refuses what is no schema file; an empty text is none and allowed.</summary>
    public async ValueTask CheckAsync(string json, string field, CancellationToken cancellation)
    {
        if (json.Length == 0) return;
        if (json.Length > LongestSchema) throw ApiErrors.InvalidField(field, $"has {json.Length} characters; at most {LongestSchema} are allowed.");
        Check.JsonObject(json, field);
        if (await checker.FindFaultAsync(json, cancellation) is not { } fault) return;
        throw ApiErrors.InvalidFields(
            fault.Reason, [("column", fault.Subject)], [new BadRequest.Types.FieldViolation { Field = field, Description = fault.Message }]);
    }
}
