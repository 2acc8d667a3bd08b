// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>Reads accumulator words window by window, one a cycle, and sends their tags into the requantiser's pipeline.</summary>
public sealed class VectorSequencer(
    ImmutableArray<VectorInstruction> program,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    AccumulatorBuffer accumulators,
    LineBuffer parameters,
    Latch<WordTag> words) : UnitSequencer<VectorInstruction>(UnitKind.Vector, program, semaphores, log)
{
    private const int WindowCounters = 2;
    private readonly AddressLoop _words = new(4);
    private readonly Register<int> _outputAddress = new();

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _words.Advance();
        _outputAddress.Advance();
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        _words.Load(
            Instruction.SourceAddress,
            (Instruction.Rows, Instruction.RowStride),
            (Instruction.Columns, Instruction.ColumnStride),
            (Instruction.PoolRows, Instruction.PoolRowStride),
            (Instruction.PoolColumns, Instruction.PoolColumnStride));
        _outputAddress.Next = Instruction.OutputAddress;
    }

    /// <inheritdoc/>
    protected override CycleKind Run(out bool ends)
    {
        if (_words.IsFirstOf(4))
        {
            traffic.Count(Layer, Access.ParameterRead);
            parameters.Read(Instruction.ParameterAddress);
        }
        traffic.Count(Layer, Access.AccumulatorRead);
        accumulators.ReadForVector(_words.Address);

        ends = _words.IsLast;
        bool endsWindow = _words.IsLastOf(WindowCounters);
        words.Send(new()
        {
            IsValid = true,
            BeginsWindow = _words.IsFirstOf(WindowCounters),
            EndsWindow = endsWindow,
            OutputAddress = _outputAddress.Current,
            IsLast = ends,
            Signals = Instruction.Signals.AtCompletion,
            Instruction = InstructionIndex,
            Layer = Layer,
        });
        if (endsWindow)
        {
            _outputAddress.Next = _outputAddress.Current + 1;
        }
        _words.Step();
        return CycleKind.Busy;
    }
}
