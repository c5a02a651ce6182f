using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>Who may do what, and how they prove who they are.</summary>
public static class AccessQueries
{
    /// <summary>More members than this that are all owners: roles are not told apart.</summary>
    private const int ManyOwners = 3;

    public static FactQuery Roles { get; } = new("roles", "Who may do what in the project?", facts =>
    {
        var members = facts.Access.Members;
        var found = members.GroupBy(m => m.Role).OrderByDescending(g => g.Key == "Owner").ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new Fact(
            $"{Wording.Count(g.Count(), g.Key.ToLowerInvariant())}: {Wording.List(g.Select(m => m.IsProgram ? $"{m.Principal} (service account)" : m.Principal))}.", facts.Access.Source));
        return members.Count > ManyOwners && members.All(m => m.Role == "Owner")
            ? Answer.Partly("Every member is an owner: roles are there and not used to tell duties apart.", [.. found])
            : Answer.Supports([.. found]);
    });

    public static FactQuery RealRows { get; } = new("real-rows", "Who may see rows of the real tables?", facts =>
    {
        var source = new FactSource($"{facts.Project}/dataPolicy");
        return facts.Access.RealRows switch
        {
            "Nobody" => Answer.Supports(new Fact("The data policy lets nobody see real rows or exact figures about few of them.", source)),
            "Owners" => Answer.Supports(new Fact("The data policy lets owners alone see real rows and exact figures about few of them; administrators from outside may not.", source)),
            _ => Answer.Partly("Editors may see real rows as well as owners.", new Fact("The data policy lets owners and editors see real rows and exact figures about few of them.", source)),
        };
    });

    public static FactQuery SecondFactors { get; } = new("second-factors", "Do members sign in with a second factor?", facts =>
    {
        var people = facts.Access.Members.Where(m => !m.IsProgram).ToList();
        if (people.Count == 0) return Answer.NotApplicable("No member is a person.");
        var byPassword = people.Where(m => m.HasAccount).ToList();
        var (with, without) = (byPassword.Count(m => m.HasSecondFactor), byPassword.Count(m => !m.HasSecondFactor));
        var linked = people.Count(m => m.SignInProviders.Count > 0);
        var neither = people.Count(m => m is { HasAccount: false, SignInProviders.Count: 0 });
        List<string> gaps = [];
        if (without > 0) gaps.Add($"{Wording.Count(without, "member signs", "members sign")} in by password without a second factor.");
        if (linked > 0) gaps.Add($"{Wording.Count(linked, "member", "members")} may sign in by another provider, and no second factor is asked for here then; whether the provider asks for one is not stored.");
        if (neither > 0) gaps.Add($"{Wording.Count(neither, "member has", "members have")} neither a password here nor another provider: of second factors of what they call by instead, such as API keys, nothing is stored.");
        if (byPassword.Count == 0) return Answer.NotMeasured(string.Join(" ", gaps));
        Fact fact = new($"{with} of {Wording.Count(byPassword.Count, "member")} with a password here {(with == 1 ? "is" : "are")} asked for a second factor when signing in by password.", facts.Access.Source);
        return gaps.Count == 0 ? Answer.Supports(fact) : with > 0 ? Answer.Partly(string.Join(" ", gaps), fact) : Answer.Gapped(string.Join(" ", gaps), fact);
    });

    public static FactQuery SignIn { get; } = new("sign-in", "How are people authenticated, and when do sessions end?", facts =>
    {
        var set = facts.Installation;
        List<Fact> found =
        [
            new($"Passwords are kept as Argon2id hashes with {Wording.Number(set.PasswordMemoryKiB)} KiB and {Wording.Count(set.PasswordPasses, "pass", "passes")}.", InstallationFacts.Source),
            new($"Sessions end after {Wording.Time(set.SessionIdleTime)} without use, and after {Wording.Time(set.SessionLifetime)} in any case.", InstallationFacts.Source),
            new($"Accounts: registration is {set.Registration.ToLowerInvariant()}; other sign-in providers: {(set.SignInProviders.Count == 0 ? "none" : Wording.List(set.SignInProviders))}.", InstallationFacts.Source),
        ];
        return set.Registration == "Open"
            ? Answer.Partly("Anybody with a mail address may have an account. It sees nothing of this project until an owner makes it a member.", found)
            : Answer.Supports(found);
    });

    public static FactQuery Limits { get; } = new("limits", "Are calls limited by caller and address?", facts =>
    {
        var set = facts.Installation;
        return Answer.Of(
            [
                .. set.RequestsPerSecond > 0 ? [new Fact($"A user may make {Wording.Number(set.RequestsPerSecond)} calls a second.", InstallationFacts.Source)] : Array.Empty<Fact>(),
                .. set.AddressRequestsPerSecond > 0 ? [new Fact($"An address may make {Wording.Number(set.AddressRequestsPerSecond)} calls a second.", InstallationFacts.Source)] : Array.Empty<Fact>(),
            ],
            [
                .. set.RequestsPerSecond > 0 ? Array.Empty<string>() : ["No limit of calls by user is set."],
                .. set.AddressRequestsPerSecond > 0 ? Array.Empty<string>() : ["No limit of calls by address is set."],
            ]);
    });

    public static FactQuery Origins { get; } = new("origins", "Which pages of other sites may call the server from a browser?", facts => facts.Installation.AllowedOrigins switch
    {
        [] => Answer.Supports(new Fact("No page of another origin may call.", InstallationFacts.Source)),
        ["*"] => Answer.Gapped("Pages of every origin may call.", new Fact("Allowed origins: all.", InstallationFacts.Source)),
        var origins => Answer.Supports(new Fact($"Pages of these origins may call: {Wording.List(origins)}.", InstallationFacts.Source)),
    });
}
