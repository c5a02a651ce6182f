using SynthStudio.Api.Assistant;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>Deletes what tells something of a person, and says what stays.</summary>
internal sealed class PersonEraser(
    PersonStore persons, ApiKeyStore keys, MadeKeys madeKeys, EndedConsents consents, Auditor auditor, Revocations revocations,
    TimeProvider time)
{
    /// <summary>What stays of everybody, and why.</summary>
    private static readonly (string What, string Why)[] Kept =
    [
        ("the user's name, users/…, without anything beside it, and locked out",
            "What they made and did refers to it. Names that the server chose are random; one that an administrator chose tells what they put into it."),
        ("data sets, generators, synthetic data, evaluations, jobs, and what else they made in projects (uploads, analyses, aliases, "
            + "service accounts, webhooks, connections, transfers, invitations of others), with that name as who made it",
            "They belong to their projects, whose members use them. Rows of an uploaded table may tell of anybody: deleting them is the project's decision."),
        ("API keys of service accounts and other users that they made, revoked unless that was asked otherwise, with that name as maker",
            "They belong to those accounts. By the name it is found out which keys somebody knows who is gone."),
        ("entries of audit trails about them: that name, calls, resources, outcomes, times and network addresses",
            "Each line's hash covers all before it: taking one out would show as tampering, and what others did could not be proven any more. Trails hold no mail addresses, names or values."),
        ("lines of the privacy ledger about trainings that they started",
            "What was spent of a data set's budget protects the people in the data, and stays spent whoever spent it."),
        ("evidence packs of their projects: that name as a member and as who made them", "Packs are signed and do not change. They hold no mail addresses or names; a project's owners can delete them."),
        ("copies in backups, logs and free space of database files", "They are outside of this service's reach, for as long as the operator keeps them."),
    ];

    /// <summary>Deletes a person, and tells the projects that they were in or made keys of.</summary>
    /// <param name="user">Who.</param>
    /// <param name="keepMade">Whether the keys of service accounts and other users that they made stay good.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="RpcException">FAILED_PRECONDITION: they are the only owner of a project. UNAVAILABLE: they are deleted, and a
    /// project's trail does not say so.</exception>
    public async Task<V1.EraseAccountResponse> EraseAsync(UserRecord user, bool keepMade, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var memberships = await persons.ListMembershipsAsync(user.Name, cancellation);
        if (memberships.Where(m => m.IsLastOwner).Select(m => m.Project).ToList() is { Count: > 0 } orphans)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.LastOwner, orphans[0], $"{user.Name} is the only owner of {string.Join(", ", orphans)}. Give each another owner, or delete it, first.");
        }

        var erasure = await persons.EraseAsync(user.Name, keepMade ? null : time.Now(), cancellation);
        var rows = erasure.Rows;
        await revocations.CredentialsChangedAsync();
        foreach (var project in erasure.Projects) await revocations.ProjectChangedAsync(project);
        foreach (var project in erasure.Projects) await auditor.NoteAsync(context, $"{project}/members/{ResourceName.Id(user.Name)}");
        await madeKeys.NoteAsync(erasure.RevokedKeys, user.Name, context);
        var ended = await consents.EndAsync(user.Name, context);
        var stay = await keys.ListMadeAsync(user.Name, time.GetUtcNow(), cancellation); // After, so that one that was made meanwhile is named.
        return new V1.EraseAccountResponse
        {
            Deleted =
            {
                ["accounts"] = rows.Accounts, ["sessions"] = rows.Sessions, ["api_keys"] = rows.ApiKeys, ["memberships"] = rows.Memberships, ["invitations"] = rows.Invitations, ["identities"] = rows.Identities,
                ["recovery_codes"] = rows.RecoveryCodes, ["mails"] = rows.Mails, ["answers"] = rows.Answers,
                ["consents"] = ended,
            },
            Kept = { Kept.Select(k => new V1.EraseAccountResponse.Types.Kept { What = k.What, Why = k.Why }) },
            MadeApiKeys = { stay.Select(key => key.Name) },
            RevokedApiKeys = { erasure.RevokedKeys },
        };
    }
}
