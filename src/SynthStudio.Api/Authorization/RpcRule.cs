using Google.Protobuf;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Authorization;

/// <summary>Whom a call is for.</summary>
internal enum Audience
{
    /// <summary>Everyone, without credentials.</summary>
    Public,

    /// <summary>Everyone with credentials.</summary>
    Authenticated,

    /// <summary>The user that the resource name names, and administrators.</summary>
    Self,

    /// <summary>Administrators.</summary>
    Admin,

    /// <summary>Members of the project that the resource name names, with at least a viewer's role.</summary>
    Viewer,

    /// <summary>The same with at least an editor's role.</summary>
    Editor,

    /// <summary>The same with an owner's role.</summary>
    Owner,

    /// <summary>Owners of a project that was deleted.</summary>
    FormerOwner,
}

/// <summary>Why a call goes into the audit trail.</summary>
internal enum Audited
{
    /// <summary>It does not: it changes nothing, and tells nothing of real rows.</summary>
    No,

    /// <summary>It changes something: that it began is in the trail before it does anything, and how it ended is noted behind its answer.</summary>
    Change,

    /// <summary>It changes something, and its service notes that in the trail that it is about; here only how it ended.</summary>
    ChangeNotedItself,

    /// <summary>
    /// It adds a piece to something whose beginning and end are noted as calls of their own: here only how it ended, which is
    /// durable before its caller hears of it.
    /// </summary>
    ChangeOfPiece,

    /// <summary>It tells something of real rows.</summary>
    RealData,

    /// <summary>It hands out real rows in a stream: its service has it noted when the data policy allows it, before the first row leaves.</summary>
    RealRows,
}

/// <summary>Who may make a call, and which resource it is about.</summary>
/// <param name="Audience">Whom it is for.</param>
/// <param name="Scope">What the key or token must be good for.</param>
/// <param name="Pattern">Shape of the resource name; null when the call is about none.</param>
/// <param name="Field">Path of the field with the name, for errors.</param>
/// <param name="Resource">Takes the name out of a request.</param>
/// <param name="Audited">Why it goes into the audit trail.</param>
/// <param name="IsForAuditors">Whether it is for the project's auditors beside its audience.</param>
/// <param name="IsForOneself">Whether it is also for the member whom the name ends in, whatever their role.</param>
internal sealed record RpcRule(
    Audience Audience, AccessScope Scope, ResourcePattern? Pattern, string Field, Func<IMessage, string> Resource, Audited Audited, bool IsForAuditors = false,
    bool IsForOneself = false)
{
    /// <summary>Whether it changes something.</summary>
    public bool IsChange => Audited is Audited.Change or Audited.ChangeNotedItself or Audited.ChangeOfPiece;

    /// <summary>Whether it is noted that it began.</summary>
    public bool IsBegun => Audited == Audited.Change;
}
