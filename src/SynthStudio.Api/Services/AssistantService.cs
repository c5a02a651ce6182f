using SynthStudio.Api.Assistant;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Registry;
using SynthStudio.Assistant;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Tasks;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Evidence.Documents;

namespace SynthStudio.Api.Services;

internal sealed class AssistantService(
    AssistantTasks tasks, AssistantOptions options, AssistantQuota quota, ProjectTools tools, StoredFacts facts, PackFacts packFacts,
    EvidencePackStore packs, ConsentGate consents, DatasetStore datasets, EvaluationStore evaluations, GeneratorNames names,
    ModelCards cards, IMethodDirectory methods, IDeclaredTables tables, ObjectTexts texts, IGrainFactory grains, StreamAccess access,
    TimeProvider time)
    : V1.AssistantService.AssistantServiceBase
{
    private const int LongestDescription = 8000, LongestQuestion = 2000, DefaultRows = 10, MostRows = 100;

    public override async Task<V1.AssistantStatus> GetAssistantStatus(V1.GetAssistantStatusRequest request, ServerCallContext context)
    {
        var project = ResourceName.Parent(request.Name);
        return new V1.AssistantStatus
        {
            Name = request.Name,
            Models = { options.Providers.Select(provider => provider.ToProto(options)) },
            TokensUsed = await quota.UsedAsync(project, context.CancellationToken),
            TokensPerMonth = await quota.LimitAsync(project),
        };
    }

    public override async Task ChatAboutProject(
        V1.ChatAboutProjectRequest request, IServerStreamWriter<V1.AssistantEvent> responseStream, ServerCallContext context)
    {
        var said = request.Turns.ToSaid("turns");
        using var budget = Budget(request.Parent, AssistantTask.Chat, context);
        var events = new EventStream(responseStream, access.Of(request, context), context.CancellationToken);
        var end = await tasks.Chat.AnswerAsync(request.Parent, said, tools.Of(request.Parent, context), budget, events);
        await events.EndAsync(end, end.Answer.ToProto(budget));
    }

    public override async Task ExplainEvaluation(
        V1.ExplainEvaluationRequest request, IServerStreamWriter<V1.AssistantEvent> responseStream, ServerCallContext context)
    {
        if (request.Question.Length > LongestQuestion) throw ApiErrors.InvalidField("question", $"has {request.Question.Length} characters; at most {LongestQuestion} are allowed.");
        var evaluation = await evaluations.FindAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name);
        if (evaluation is not { State: ArtifactState.Ready, Report: { } report }
            || ReportDigest.Of(await texts.ReadAsync(report, context.CancellationToken)) is not { } digest)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, evaluation.Name, $"{evaluation.Name} is {evaluation.State.ToString().ToLowerInvariant()} and has no report to explain.");
        using var budget = Budget(ResourceName.Root(request.Name), AssistantTask.Explain, context);
        var events = new EventStream(responseStream, access.Of(request, context), context.CancellationToken);
        var end = await tasks.Explainer.ExplainAsync(digest, request.Question, budget, events);
        await events.EndAsync(end, end.Answer.ToProto(budget));
    }

    public override async Task<V1.SuggestGeneratorOptionsResponse> SuggestGeneratorOptions(V1.SuggestGeneratorOptionsRequest request, ServerCallContext context)
    {
        var generator = await FindAsync(request.Name, context);
        var training = generator.Definition.Training;
        var method = (await methods.ListAsync(context.CancellationToken)).FirstOrDefault(m => m.Name == training.Method);
        var figures = await cards.FiguresAsync(generator, context.CancellationToken);
        if (method is not { Options.Count: > 0 })
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, generator.Name, $"The method {training.Method} of {generator.Name} has no options to set otherwise.");
        if (figures.Count == 0)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, generator.Name, $"Nothing was measured of {generator.Name} yet: train it, draw rows and evaluate them first.");
        using var budget = Budget(ResourceName.Root(request.Name), AssistantTask.Suggest, context);
        var known = method.Options.Select(o =>
            new MethodOption(o.Name, o.Description, training.Options.GetValueOrDefault(o.Name, ""), o.Default, o.Allowed, o.Accepts));
        var advice = await tasks.Advisor.AdviseAsync(method.Name, [.. known], figures, budget);
        return new V1.SuggestGeneratorOptionsResponse
        {
            Summary = advice.Summary, Suggestions = { advice.Suggestions.Select(s => s.ToProto()) }, Rejected = { advice.Rejected },
            Use = advice.Answer.ToProto(budget),
        };
    }

    public override async Task<V1.DraftedDocument> DraftModelCard(V1.DraftModelCardRequest request, ServerCallContext context) =>
        await DraftAsync("model_card", "Model card", await facts.CollectAsync(await FindAsync(request.Name, context), context.CancellationToken), request.Name, context);

    public override async Task<V1.DraftedDocument> DraftComplianceNarrative(V1.DraftComplianceNarrativeRequest request, ServerCallContext context)
    {
        var pack = await packs.FindAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name);
        var framework = request.Framework == V1.EvidenceFramework.Unspecified ? null : request.Framework.ToFramework() ?? throw ApiErrors.InvalidField("framework", "must be gdpr, hipaa, ccpa or soc2.");
        if (framework is not null && !pack.Frameworks.Contains(framework.Id))
            throw ApiErrors.InvalidField("framework", $"is not in {pack.Name}, which is about {string.Join(", ", pack.Frameworks)}: name one of these, or make another pack.");
        var sheet = await packFacts.ReadAsync(pack, framework, context.CancellationToken);
        if (sheet.All.Count == 0) throw ApiErrors.Precondition(ErrorReasons.StateForbids, pack.Name, $"{pack.Name} says nothing of any control: make another pack.");
        return await DraftAsync("compliance_narrative", $"Compliance narrative of evidence pack {pack.Number}", sheet, pack.Name, context);
    }

    public override async Task<V1.ProposeTableResponse> ProposeTable(V1.ProposeTableRequest request, ServerCallContext context)
    {
        if (request.Description.Length is 0 or > LongestDescription) throw ApiErrors.InvalidField("description", $"must have 1 to {LongestDescription} characters.");
        if (request.SeedRows is < 0 or > MostRows) throw ApiErrors.InvalidField("seed_rows", $"must be 1 to {MostRows}, or 0 for {DefaultRows}.");
        var rows = request.SeedRows == 0 ? DefaultRows : request.SeedRows;
        using var budget = Budget(request.Parent, AssistantTask.Propose, context);
        var (table, answer) = await tasks.Proposer.ProposeAsync(request.Description, TryAsync, budget);
        return new V1.ProposeTableResponse { DeclarationJson = table.Declaration, Csv = table.Csv, Use = answer.ToProto(budget) };

        async Task<TriedTable> TryAsync(string declaration)
        {
            var made = await tables.MakeAsync(declaration, rows, context.CancellationToken);
            return new TriedTable(made.Fault?.Message ?? "", made.Csv);
        }
    }

    public override async Task<V1.ClassifyColumnsResponse> ClassifyColumns(V1.ClassifyColumnsRequest request, ServerCallContext context)
    {
        var dataset = await datasets.FindAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name);
        var kinds = SchemaKinds.Of(dataset.SchemaJson);
        if (kinds.Count == 0) throw ApiErrors.Precondition(ErrorReasons.StateForbids, dataset.Name, $"{dataset.Name} has no schema yet: its columns are not known.");
        using var budget = Budget(ResourceName.Root(request.Name), AssistantTask.Classify, context);
        var (columns, answer) = await tasks.Classifier.ClassifyAsync([.. kinds.Select(k => new NamedColumn(k.Key, k.Value ?? ""))], budget);
        return new V1.ClassifyColumnsResponse { Columns = { columns.Select(c => c.ToProto(kinds[c.Name] ?? "")) }, Use = answer.ToProto(budget) };
    }

    public override async Task<V1.AssistantConsent> GetAssistantConsent(V1.GetAssistantConsentRequest request, ServerCallContext context)
    {
        var dataset = await FindDatasetAsync(request.Name, context);
        return ToProto(request.Name, await consents.FindAsync(dataset.Name, context.CancellationToken));
    }

    public override async Task<V1.AssistantConsent> UpdateAssistantConsent(V1.UpdateAssistantConsentRequest request, ServerCallContext context)
    {
        var wanted = request.AssistantConsent;
        var dataset = await FindDatasetAsync(wanted.Name, context);
        if (wanted.RealValues) return ToProto(wanted.Name, await consents.GrantAsync(dataset, Caller.Of(context).User, context.CancellationToken));
        await consents.RevokeAsync(dataset.Name, context.CancellationToken);
        return ToProto(wanted.Name, null);
    }

    /// <summary>Has a document drafted of facts, of the project that a name is of.</summary>
    private async Task<V1.DraftedDocument> DraftAsync(string document, string title, FactSheet sheet, string name, ServerCallContext context)
    {
        using var budget = Budget(ResourceName.Root(name), AssistantTask.Draft, context);
        var (draft, answer) = await tasks.Drafter.DraftAsync(document, sheet, budget);
        return new V1.DraftedDocument
        {
            Sections = { draft.Sections.Select(s => s.ToProto()) },
            Facts = { sheet.All.Select(f => f.ToProto()) },
            Rejected = { draft.Rejected.Select(r => r.ToProto()) },
            Markdown = MarkdownRenderer.Render(DraftDocument.Of(title, draft, sheet)),
            Use = answer.ToProto(budget),
        };
    }

    private CallBudget Budget(string project, AssistantTask task, ServerCallContext context) =>
        new(project, task, options, quota, time, context.CancellationToken);

    private async Task<GeneratorSnapshot> FindAsync(string name, ServerCallContext context) =>
        await grains.GetGrain<IGeneratorGrain>(await names.ResolveAsync(name, context.CancellationToken)).GetAsync();

    private async Task<DatasetRecord> FindDatasetAsync(string consent, ServerCallContext context) =>
        await datasets.FindAsync(ResourceName.Parent(consent), context.CancellationToken) ?? throw ApiErrors.NotFound(ResourceName.Parent(consent));

    private static V1.AssistantConsent ToProto(string name, AssistantConsent? consent) => consent is null
        ? new V1.AssistantConsent { Name = name }
        : new V1.AssistantConsent
        {
            Name = name, RealValues = true, Recipients = { consent.Recipients }, Grantor = consent.Grantor, GrantTime = consent.GrantTime.ToProto(),
        };
}
