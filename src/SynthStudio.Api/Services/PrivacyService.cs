using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Api.Services;

internal sealed class PrivacyService(
    PrivacyLedger ledger, DatasetStore datasets, IGrainFactory grains, GeneratorNames names, PrivacyComputations computations,
    PrivacyTermsReader reader, PrivacyReports reports, PageTokens pages)
    : V1.PrivacyService.PrivacyServiceBase
{
    private const double LargestDelta = 1e-2;

    public override async Task<V1.ComputeEpsilonResponse> ComputeEpsilon(V1.ComputeEpsilonRequest request, ServerCallContext context)
    {
        var (epsilon, accountant) = await EpsilonAsync(
            request.Accountant, who => who.Epsilon(PrivacyAdvice.Steps(request.SampleRate, request.NoiseMultiplier, request.Steps), request.Delta), context);
        return new V1.ComputeEpsilonResponse { Epsilon = epsilon, Accountant = accountant };
    }

    public override async Task<V1.CalibrateNoiseResponse> CalibrateNoise(V1.CalibrateNoiseRequest request, ServerCallContext context)
    {
        var (noise, accountant) = await EpsilonAsync(
            request.Accountant,
            who => NoiseCalibration.NoiseMultiplier(
                sigma => PrivacyAdvice.Steps(request.SampleRate, sigma, request.Steps), who, request.Epsilon, request.Delta),
            context);
        return new V1.CalibrateNoiseResponse { NoiseMultiplier = noise, Accountant = accountant };
    }

    public override async Task<V1.ComposeEventsResponse> ComposeEvents(V1.ComposeEventsRequest request, ServerCallContext context)
    {
        var (epsilon, accountant) = await EpsilonAsync(
            request.Accountant, who => who.Epsilon(PrivacyEventJson.Parse(request.EventsJson), request.Delta), context);
        return new V1.ComposeEventsResponse { Epsilon = epsilon, Accountant = accountant };
    }

    public override async Task<V1.PrivacyBudget> GetPrivacyBudget(V1.GetPrivacyBudgetRequest request, ServerCallContext context) =>
        (await BudgetAsync(PrivacyMapping.DatasetOf(request.Name), context)).ToProto();

    public override async Task<V1.PrivacyBudget> SetPrivacyBudget(V1.SetPrivacyBudgetRequest request, ServerCallContext context)
    {
        var wanted = request.PrivacyBudget;
        var dataset = PrivacyMapping.DatasetOf(wanted.Name);
        await DemandAsync(dataset, context);
        if (!(wanted.Epsilon is >= 1e-6 and <= PrivacyTermsCheck.LargestEpsilon))
            throw ApiErrors.InvalidField("privacy_budget.epsilon", $"must be a number from 0.000001 to {PrivacyTermsCheck.LargestEpsilon}.");
        if (!(wanted.Delta is >= 1e-15 and <= LargestDelta))
            throw ApiErrors.InvalidField("privacy_budget.delta", $"must be a number from 1e-15 to {LargestDelta}.");
        var operation = request.RequestId.Length > 0 ? request.RequestId : Guid.CreateVersion7().ToString();
        await ledger.SetBudgetAsync(dataset, wanted.Epsilon, wanted.Delta, Caller.Of(context).User, operation, context.CancellationToken);
        return (await ledger.GetBudgetAsync(dataset, context.CancellationToken)).ToProto();
    }

    public override async Task<V1.PrivacyBudget> DeclarePrivacyPartition(V1.DeclarePrivacyPartitionRequest request, ServerCallContext context)
    {
        await DemandAsync(request.Parent, context);
        var partition = PrivacyMapping.Read(Check.Present(request.Partition, "partition"), "partition");
        var operation = request.RequestId.Length > 0 ? request.RequestId : Guid.CreateVersion7().ToString();
        await ledger.DeclarePartitionAsync(request.Parent, partition, Caller.Of(context).User, operation, context.CancellationToken);
        return (await ledger.GetBudgetAsync(request.Parent, context.CancellationToken)).ToProto();
    }

    public override async Task<V1.ListPrivacyEventsResponse> ListPrivacyEvents(V1.ListPrivacyEventsRequest request, ServerCallContext context)
    {
        await DemandAsync(request.Parent, context);
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => ledger.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListPrivacyEventsResponse { PrivacyEvents = { items.Select(record => record.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ValidatePrivacyConfigResponse> ValidatePrivacyConfig(V1.ValidatePrivacyConfigRequest request, ServerCallContext context)
    {
        var config = Check.Present(request.Config, "config");
        var terms = Check.Present(config.Terms, "config.terms");
        var dataset = await DemandAsync(request.Parent, context);
        var isPriced = !PrivacyTermsCheck.Problems(terms).Any();
        double? epsilon = isPriced && PrivacyAdvice.HasNoise(config)
            ? await computations.RunAsync("config", _ => PrivacyAdvice.EpsilonOf(config), context.CancellationToken)
            : null;
        var answer = new V1.ValidatePrivacyConfigResponse { Findings = { PrivacyAdvice.Judge(config, epsilon) } };
        if (epsilon is { } computed) answer.Epsilon = computed;
        if (isPriced)
        {
            if (terms.HasRows) answer.Expected.AddRange(QualityCurves.Shipped.Expect(terms.Rows, terms.Epsilon, config.Method));
            var figures = await ledger.FiguresAsync(
                request.Parent, (await reader.ReadAsync(terms, dataset, "config.terms", context.CancellationToken))!, context.CancellationToken);
            (answer.RemainingEpsilon, answer.FitsEpsilon) = (figures.RemainingEpsilon, figures.FitsDelta == figures.AskedDelta ? figures.FitsEpsilon : 0);
            if (!figures.Fits)
            {
                answer.Findings.Insert(0, PrivacyAdvice.Finding(
                    V1.PrivacySeverity.Error, "config.terms.epsilon", ErrorReasons.OfBudget(figures), new BudgetExhaustedException(request.Parent, figures).Message));
            }
        }

        answer.Valid = answer.Findings.All(f => f.Severity != V1.PrivacySeverity.Error);
        return answer;
    }

    public override async Task<V1.RecommendPrivacyConfigResponse> RecommendPrivacyConfig(V1.RecommendPrivacyConfigRequest request, ServerCallContext context)
    {
        if (request.Rows < 2) throw ApiErrors.InvalidField("rows", "must be at least 2: declare the size of the table.");
        if (request.Epochs is < 0 or > 10_000) throw ApiErrors.InvalidField("epochs", "must be 1 to 10000.");
        if (!(request.Epsilon is 0 or > 1e-6 and <= PrivacyTermsCheck.LargestEpsilon))
            throw ApiErrors.InvalidField("epsilon", $"must be a number above 0.000001 and at most {PrivacyTermsCheck.LargestEpsilon}.");
        var budget = (await BudgetAsync(request.Parent, context)).Tightest;
        var epsilon = request.Epsilon > 0 ? request.Epsilon : budget.Budget is null ? 1 : Math.Min(1, budget.RemainingEpsilon);
        if (epsilon <= 1e-6) throw ApiErrors.Precondition(ErrorReasons.BudgetExhausted, request.Parent, $"Nothing is left in the privacy budget of {request.Parent}.");
        var config = await computations.RunAsync(
            "", limit => PrivacyAdvice.Recommend(request.Rows, epsilon, request.Epochs, budget.Budget?.Delta, limit), context.CancellationToken);
        return new V1.RecommendPrivacyConfigResponse 
        {
            Config = config, Findings = { PrivacyAdvice.Judge(config, epsilon) }, Expected = { QualityCurves.Shipped.Expect(request.Rows, epsilon, "") },
        };
    }

    public override async Task<V1.PrivacyReport> GetPrivacyReport(V1.GetPrivacyReportRequest request, ServerCallContext context)
    {
        var name = await names.ResolveAsync(ResourceName.Parent(request.Name), context.CancellationToken);
        var generator = await grains.GetGrain<IGeneratorGrain>(name).GetAsync();
        var (json, html) = await reports.WriteAsync(generator, context.CancellationToken);
        return new V1.PrivacyReport { Name = request.Name, Json = json, Html = html };
    }

    private async Task<DatasetBudget> BudgetAsync(string dataset, ServerCallContext context)
    {
        await DemandAsync(dataset, context);
        return await ledger.GetBudgetAsync(dataset, context.CancellationToken);
    }

    private async Task<DatasetRecord> DemandAsync(string dataset, ServerCallContext context) =>
        await datasets.FindAsync(dataset, context.CancellationToken) ?? throw ApiErrors.NotFound(dataset);

    private async Task<(double Value, string Accountant)> EpsilonAsync(string name, Func<IPrivacyAccountant, double> compute, ServerCallContext context) =>
        await computations.RunAsync(
            "",
            limit =>
            {
                var who = new BoundedAccountant(Accountants.Get(name.Length == 0 ? Accountants.Default : name), limit);
                return (compute(who), who.Name);
            },
            context.CancellationToken);
}
