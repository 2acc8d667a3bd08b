// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>A schedule that no machine can run to its end, or that breaks the contract of docs/architecture.md.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="unit">The unit.</param>
/// <param name="instruction">Position in the unit's program.</param>
/// <param name="semaphore">The semaphore that never comes, where that is what is wrong.</param>
public sealed class InvalidScheduleException(string message, UnitKind unit, int instruction, Semaphore? semaphore = null)
    : Exception(message)
{
    /// <summary>The unit.</summary>
    public UnitKind Unit { get; } = unit;

    /// <summary>Position in the unit's program.</summary>
    public int Instruction { get; } = instruction;

    /// <summary>The semaphore that never comes, or null.</summary>
    public Semaphore? Semaphore { get; } = semaphore;
}
