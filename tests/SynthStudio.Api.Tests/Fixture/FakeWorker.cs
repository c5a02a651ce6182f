using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>Plays the compute silo: takes a job's lease and tells its owner what a worker would.</summary>
public sealed class FakeWorker(IServiceProvider services)
{
    private const string Silo = "fake-silo";

    private IWorkOwnerGrain? _owner;
    private LeaseEpoch _epoch;
    private long _next;

    public string Job { get; private set; } = "";

    /// <summary>What it was told to do.</summary>
    public WorkOrder Order { get; private set; } = null!;

    /// <summary>Takes the job, which must wait in the queue.</summary>
    public async Task<FakeWorker> TakeAsync(string job)
    {
        var leases = services.GetRequiredService<ILeaseStore>();
        var item = (await leases.ListAsync(default)).Single(q => q.Item.Job == job).Item;
        Job = job;
        _owner = services.GetRequiredService<IGrainFactory>().GetWorkOwner(item.Kind, item.Owner);
        _epoch = await leases.AcquireAsync(job, Silo, TimeSpan.FromMinutes(10), default) ?? throw new InvalidOperationException($"{job} does not wait.");
        Order = await _owner.TakeOrderAsync(job, _epoch, Silo) ?? throw new InvalidOperationException($"{job} gave no order.");
        await TellAsync(new WorkStarted(Silo, 1, "cpu"));
        return this;
    }

    public async Task<WorkDirective> TellAsync(params WorkUpdate[] updates)
    {
        var directive = await _owner!.ReportAsync(Job, _epoch, _next, updates);
        _next += updates.Length;
        return directive;
    }

    public Task ProgressAsync(string step, double fraction, string metric = "rows", double value = 1) =>
        TellAsync(new WorkProgressed(step, fraction, TimeSpan.FromSeconds(1), new Dictionary<string, double> { [metric] = value }));

    /// <summary>Stores a part of rows.</summary>
    public async Task PartAsync(int number, string csv) =>
        await TellAsync(new WorkPartStored(new PartRef(number, csv.Count(c => c == '\n') - (number == 0 ? 1 : 0), await PutAsync(csv))));

    /// <summary>Ends the job with artifacts by role; a model is put into a package.</summary>
    public async Task CompleteAsync(params (string Role, string Content)[] artifacts)
    {
        var stored = new Dictionary<string, ObjectRef>();
        foreach (var (role, content) in artifacts) stored[role] = role == "model" ? await PutAsync(ModelOf(content)) : await PutAsync(content);
        await TellAsync(new WorkCompleted(new WorkResult(stored, new Dictionary<string, double> { ["rows"] = 3, ["columns"] = 2 })
        {
            Privacy = Order.Spec is TrainingSpec { Privacy: { } terms } ? Statement(terms) : null,
        }));
    }

    /// <summary>What a private training says: it spent a little less than its terms.</summary>
    private static PrivacyStatement Statement(PrivacyTerms terms) => new()
    {
        Guaranteed = true, Epsilon = terms.Epsilon, Delta = terms.Delta, Rows = 100, Declared = ["kinds of all columns"], Bought = ["the number of rows"],
        Outside = ["when it was trained"], EventJson = """[{"type":"gaussian","noise_multiplier":""" + (6 / terms.Epsilon).ToString("R", System.Globalization.CultureInfo.InvariantCulture) + ""","count":1}]""",
    };

    public Task FailAsync(string reason) => TellAsync(new WorkFailed(new WorkError(WorkErrorClass.User, reason, $"It is {reason}.", "age", 7)));

    public async Task<ObjectRef> PutAsync(string content) => await PutAsync(Encoding.UTF8.GetBytes(content));

    public async Task<ObjectRef> PutAsync(byte[] content) => await services.GetRequiredService<IObjectStore>().PutAsync(new MemoryStream(content), "application/octet-stream");

    private byte[] ModelOf(string content) => FakePackage.Of(content, privacy: Order.Spec is TrainingSpec { Privacy: not null } ? FakePackage.Private : null);
}
