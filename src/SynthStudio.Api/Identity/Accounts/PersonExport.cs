using System.Text.Json.Nodes;
using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>All that is kept of a person, as one JSON document for them: no secrets, no hashes of secrets.</summary>
internal sealed class PersonExport(
    PersonStore persons, AccountStore accounts, SessionStore sessions, ExternalIdentityStore identities, InvitationStore invitations,
    ApiKeyStore keys, AuditTrail trail, TimeProvider time)
{
    private const int LinesARead = 1000;
    private const int MostActivity = 20_000, MostMade = 20_000, MostAnswers = 5_000;

    /// <summary>Trails are read a project at a time: of which they were in once and left without a trace, only a reading of all trails would tell.</summary>
    private const string OfLeftProjects =
        "activity: what they did in projects that they are not in any more and that hold nothing they made. An administrator finds it in those projects' trails by their name.";

    public async Task<JsonObject> CollectAsync(UserRecord user, CancellationToken cancellation)
    {
        var account = await accounts.FindAsync(user.Name, cancellation);
        var memberships = await persons.ListMembershipsAsync(user.Name, cancellation);
        var (made, answers) = (
            await persons.ListMadeAsync(user.Name, MostMade + 1, cancellation),
            await persons.ListAnswersAsync(user.Name, MostAnswers + 1, cancellation));
        var projects = memberships.Select(m => m.Project)
            .Concat(made.Select(m => ResourceName.Root(m.Name)).Where(root => root.StartsWith("projects/", StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal);
        var (activity, isCut) = await ReadActivityAsync(user.Name, [AuditTrail.Server, .. projects], cancellation);
        List<string> leftOut = [OfLeftProjects];
        if (isCut) leftOut.Add($"activity: all but {MostActivity} entries.");
        if (made.Count > MostMade) leftOut.Add($"made: all but the newest {MostMade}.");
        if (answers.Count > MostAnswers) leftOut.Add($"answers: all but the newest {MostAnswers}.");
        return new JsonObject
        {
            ["exported"] = Time(time.GetUtcNow()),
            ["user"] = new JsonObject
            {
                ["name"] = user.Name, ["displayName"] = user.DisplayName, ["role"] = user.Role.ToString(),
                ["created"] = Time(user.CreateTime), ["disabled"] = user.Disabled,
            },
            ["account"] = account is null ? null : new JsonObject
            {
                ["email"] = account.Email, ["hasPassword"] = account.Password.Length > 0, ["hasSecondFactor"] = account.SecondFactorActive,
                ["recoveryCodesLeft"] = await accounts.CountRecoveryCodesAsync(user.Name, cancellation),
                ["created"] = Time(account.CreateTime), ["changed"] = Time(account.UpdateTime),
            },
            ["identities"] = List(await identities.ListAsync(user.Name, cancellation), i => new JsonObject
            {
                ["provider"] = i.Provider, ["issuer"] = i.Issuer, ["subject"] = i.Subject, ["email"] = i.Email, ["created"] = Time(i.CreateTime),
            }),
            ["sessions"] = List(await sessions.ListAsync(user.Name, cancellation), s => new JsonObject
            {
                ["id"] = s.Id, ["method"] = s.Method, ["address"] = s.Address, ["agent"] = s.Agent, ["created"] = Time(s.CreateTime), ["refreshed"] = Time(s.RotateTime),
                ["expires"] = Time(s.ExpireTime), ["ended"] = Time(s.RevokeTime),
            }),
            ["apiKeys"] = List(await keys.ListAsync(user.Name, cancellation), k => new JsonObject
            {
                ["id"] = k.Id, ["displayName"] = k.DisplayName, ["scope"] = ApiKeyScopes.Load(k).ToString(), ["created"] = Time(k.CreateTime), ["expires"] = Time(k.ExpireTime),
                ["lastUsed"] = Time(k.LastUseTime), ["revoked"] = Time(k.RevokeTime),
            }),
            ["projects"] = List(memberships, m => new JsonObject { ["project"] = m.Project, ["role"] = m.Role.ToString() }),
            ["invitations"] = List(account?.EmailKey is { } key ? await invitations.ListOfAsync(key, cancellation) : [], i => new JsonObject
            {
                ["project"] = i.Project, ["role"] = i.Role.ToString(), ["sent"] = Time(i.SendTime), ["expires"] = Time(i.ExpireTime), ["declined"] = Time(i.DeclineTime),
            }),
            ["made"] = List(made.Take(MostMade), m => new JsonObject { ["name"] = m.Name, ["time"] = Time(m.Time) }),
            ["answers"] = List(answers.Take(MostAnswers), a => new JsonObject
            {
                ["method"] = a.Method, ["requestId"] = a.RequestId, ["time"] = Time(a.Time), ["message"] = Convert.ToBase64String(a.Answer),
            }),
            ["activity"] = List(activity, e => new JsonObject
            {
                ["time"] = Time(e.Time), ["method"] = e.Event.Method, ["resource"] = e.Event.Resource, ["outcome"] = e.Event.Outcome, ["address"] = e.Event.Address,
            }),
            ["activityIsWhole"] = false,
            ["leftOut"] = new JsonArray([.. leftOut.Select(text => (JsonNode)text)]),
        };
    }

    /// <summary>
    /// What they did, as the trails of the server and of projects say, of each the newest first. Of a call whose end
    /// is there, that it began is left out.
    /// </summary>
    private async Task<(List<AuditEntry> Entries, bool IsCut)> ReadActivityAsync(
        string user, IEnumerable<string> chains, CancellationToken cancellation)
    {
        var all = new List<AuditEntry>();
        foreach (var chain in chains)
        {
            IReadOnlyList<AuditEntry> page;
            long? before = null;
            var ended = new HashSet<long>(); // An end is read before its beginning.
            do
            {
                page = await trail.ListAsync(chain, new AuditFilter { Actor = user }, before, LinesARead, cancellation);
                ended.UnionWith(page.Select(entry => entry.Event.Begun ?? 0));
                all.AddRange(page.Where(entry => !ended.Contains(entry.Sequence)));
                if (all.Count >= MostActivity) return (all, true);
                if (page.Count > 0) before = page[^1].Sequence;
            }
            while (page.Count == LinesARead);
        }

        return (all, false);
    }

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> map) => [.. items.Select(map)];

    private static string? Time(DateTimeOffset? time) => time?.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
