using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Services;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// What a language model is told of resources: each property is named here, so that nothing leaves because a message grew. Names, kinds, states, settings and
/// figures; no values, no words of errors (they may repeat a cell), no conditions of drawn rows, no users.
/// </summary>
internal static class AssistantViews
{
    public static JsonObject Of(V1.Dataset dataset) => new()
    {
        ["name"] = dataset.Name, ["display_name"] = dataset.DisplayName, ["state"] = dataset.State.ToString(), ["error_reason"] = Reason(dataset.Error),
        ["rows"] = dataset.RowCount, ["columns"] = dataset.ColumnCount, ["kinds"] = Kinds(dataset.SchemaJson), ["privacy_badge"] = dataset.PrivacyBadge.ToString(),
        ["withheld"] = dataset.Withheld, ["previous_version"] = dataset.PreviousVersion, ["created"] = Time(dataset.CreateTime),
    };

    public static JsonObject Of(V1.Generator generator) => new()
    {
        ["name"] = generator.Name, ["display_name"] = generator.DisplayName, ["dataset"] = generator.Dataset, ["state"] = generator.State.ToString(),
        ["method"] = generator.Method, ["options"] = Texts(generator.Options), ["max_time_seconds"] = generator.MaxTime?.ToTimeSpan().TotalSeconds,
        ["privacy_terms"] = generator.PrivacyTerms is { } terms ? new JsonObject { ["epsilon"] = terms.Epsilon, ["delta"] = terms.Delta } : null,
        ["promise"] = Promise(generator.Privacy), ["training"] = generator.Training is { } job ? Of(job) : null, ["created"] = Time(generator.CreateTime),
    };

    public static JsonObject Of(V1.SyntheticDataset synthetic) => new()
    {
        ["name"] = synthetic.Name, ["display_name"] = synthetic.DisplayName, ["generator"] = synthetic.Generator, ["rows"] = synthetic.Rows,
        ["state"] = synthetic.State.ToString(), ["error_reason"] = Reason(synthetic.Error), ["job"] = synthetic.Job, ["created"] = Time(synthetic.CreateTime),
    };

    public static JsonObject Of(V1.Evaluation evaluation) => new()
    {
        ["name"] = evaluation.Name, ["display_name"] = evaluation.DisplayName, ["dataset"] = evaluation.Dataset, ["holdout_dataset"] = evaluation.HoldoutDataset,
        ["synthetic_dataset"] = evaluation.SyntheticDataset, ["state"] = evaluation.State.ToString(), ["error_reason"] = Reason(evaluation.Error),
        ["figures"] = Figures(evaluation.Metrics), ["outside_guarantee"] = evaluation.OutsideGuarantee, ["created"] = Time(evaluation.CreateTime),
    };

    public static JsonObject Of(V1.Job job) => new()
    {
        ["name"] = job.Name, ["kind"] = job.Kind.ToString(), ["subject"] = job.Subject, ["state"] = job.State.ToString(), ["step"] = job.Step, ["fraction"] = job.Fraction,
        ["figures"] = Figures(job.Metrics), ["error_reason"] = Reason(job.Error), ["created"] = Time(job.CreateTime), ["started"] = Time(job.StartTime), ["ended"] = Time(job.EndTime),
    };

    public static JsonObject Of(V1.PrivacyBudget budget) => new()
    {
        ["name"] = budget.Name, ["epsilon"] = budget.Epsilon, ["delta"] = budget.Delta, ["spent_epsilon"] = budget.SpentEpsilon,
        ["remaining_epsilon"] = budget.RemainingEpsilon, ["badge"] = budget.Badge.ToString(),
    };

    public static JsonObject Of(MethodDescription method) => new()
    {
        ["name"] = method.Name, ["summary"] = method.Summary,
        ["options"] = new JsonArray([.. method.Options.Select(o => (JsonNode)new JsonObject { ["name"] = o.Name, ["default"] = o.Default, ["allowed"] = o.Allowed })]),
    };

    /// <summary>Real rows; only by consent.</summary>
    public static JsonObject Of(V1.DatasetPreview preview) => new()
    {
        ["columns"] = new JsonArray([.. preview.Columns.Select(column => (JsonNode?)column)]),
        ["rows"] = new JsonArray(
        [
            .. preview.Rows.Select(row => (JsonNode)new JsonArray(
                [.. row.Cells.Select(cell => (JsonNode?)(cell.HasText ? cell.Text : null))])),
        ]),
    };

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> view) => [.. items.Select(view)];

    private static JsonObject? Promise(V1.PrivacyStatement? promise) => promise is null ? null : new JsonObject
    {
        ["guaranteed"] = promise.Guaranteed, ["epsilon"] = promise.Epsilon, ["delta"] = promise.Delta,
    };

    private static JsonObject Kinds(string schemaJson) =>
        new(SchemaKinds.Of(schemaJson).Select(kind => KeyValuePair.Create<string, JsonNode?>(kind.Key, kind.Value)));

    private static JsonObject Texts(IEnumerable<KeyValuePair<string, string>> texts) =>
        new(texts.Select(text => KeyValuePair.Create<string, JsonNode?>(text.Key, text.Value)));

    private static JsonObject Figures(IEnumerable<KeyValuePair<string, double>> figures) =>
        new(figures.Where(figure => double.IsFinite(figure.Value)).Select(figure => KeyValuePair.Create<string, JsonNode?>(figure.Key, figure.Value)));

    private static string? Reason(V1.JobError? error) => error?.Reason;

    private static string? Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
