// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Simulation;

/// <summary>The cycles in which a matmul reads, and its accesses, lived through event by event along the recurrences and tables of section 4 of docs/architecture.md.</summary>
internal sealed class CycleByCycleArray
{
    private readonly ArraySpec array;
    private readonly MatmulInstruction matmul;

    public CycleByCycleArray(ArraySpec array, MatmulInstruction matmul)
    {
        this.array = array;
        this.matmul = matmul;
        for (int line = 0; line < matmul.TableLines; line++)
        {
            WeightReads++;
        }
        if (array.Dataflow == Dataflow.OutputStationary)
        {
            RunStationarySums();
        }
        else
        {
            RunStationaryOperand();
        }
    }

    /// <summary>Cycles of the reads that count as busy.</summary>
    public HashSet<long> Streamed { get; } = [];

    public long Occupancy { get; private set; }

    public long Completion { get; private set; }

    public long ActivationReads { get; private set; }

    public long WeightReads { get; private set; }

    public long AccumulatorReads { get; private set; }

    public long AccumulatorWrites { get; private set; }

    public Traffic AddTo(Traffic traffic) => traffic with
    {
        ActivationReads = traffic.ActivationReads + ActivationReads,
        WeightReads = traffic.WeightReads + WeightReads,
        AccumulatorReads = traffic.AccumulatorReads + AccumulatorReads,
        AccumulatorWrites = traffic.AccumulatorWrites + AccumulatorWrites,
    };

    private void RunStationaryOperand()
    {
        bool inputStationary = array.Dataflow == Dataflow.InputStationary;
        int depth = inputStationary ? array.Columns : array.Rows;
        int blocks = inputStationary ? (matmul.Vectors + array.Columns - 1) / array.Columns : 1;
        int streams = inputStationary ? matmul.Channels : matmul.Vectors;
        long line = matmul.TableLines;
        long first = 0;
        for (int block = 0; block < blocks; block++)
        {
            for (int s = 0; s < matmul.Segments; s++)
            {
                bool isFirst = block == 0 && s == 0;
                if (array.WeightDoubleBuffering)
                {
                    long swap = isFirst ? line + depth : Math.Max(line + depth, first + (streams * (long)matmul.Interval) - 1);
                    first = swap + 1;
                    line = swap + depth;
                }
                else
                {
                    first = line + depth;
                    line = first + (streams * (long)matmul.Interval) + depth - 1;
                }
                for (int step = 0; step < depth; step++)
                {
                    if (!inputStationary)
                    {
                        WeightReads++;
                    }
                    else if ((block * array.Columns) + step < matmul.Vectors)
                    {
                        ActivationReads++;
                    }
                }
                for (int stream = 0; stream < streams; stream++)
                {
                    long cycle = first + (stream * (long)matmul.Interval);
                    Streamed.Add(cycle);
                    Add(isFirstAddition: s == 0);
                    Completion = cycle + matmul.Interval - 1 + array.Rows + array.Columns;
                    _ = inputStationary ? WeightReads++ : ActivationReads++;
                }
            }
        }
        long streaming = streams * (long)matmul.Interval;
        Occupancy = first + (array.WeightDoubleBuffering ? Math.Max(streaming, depth - 1) : streaming + depth - 1);
    }

    private void RunStationarySums()
    {
        int groups = (matmul.Vectors + array.Rows - 1) / array.Rows;
        int segments = matmul.KernelRows * matmul.KernelColumns * matmul.Tiles;
        long cycle = matmul.TableLines;
        for (int group = 0; group < groups; group++)
        {
            int pixels = Math.Min(array.Rows, matmul.Vectors - (group * array.Rows));
            for (int digit = 0; digit < matmul.Digits; digit++)
            {
                for (int segment = 0; segment < segments; segment++)
                {
                    for (int row = 0; row < pixels; row++)
                    {
                        ActivationReads++;
                        Streamed.Add(cycle + row);
                    }
                    for (int step = 0; step < array.Rows; step++)
                    {
                        WeightReads++;
                        cycle += matmul.Interval;
                    }
                }
                for (int row = 0; row < pixels; row++)
                {
                    Add(isFirstAddition: digit == 0);
                    Completion = Math.Max(Completion, cycle + array.Rows + array.Columns - 1 + (array.Rows - 1 - row));
                }
            }
        }
        Occupancy = cycle;
    }

    private void Add(bool isFirstAddition)
    {
        AccumulatorWrites++;
        AccumulatorReads += isFirstAddition && !matmul.Accumulate ? 0 : 1;
    }
}
